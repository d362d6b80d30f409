// SPDX-License-Identifier: Apache-2.0
#include "thread_caches.hpp"

#include <mpfr.h>

#include "arb_scratch.hpp"

namespace nke {
namespace {

struct ThreadCaches {
  ThreadCaches() = default;
  ThreadCaches(const ThreadCaches&) = delete;
  ThreadCaches& operator=(const ThreadCaches&) = delete;
  ~ThreadCaches() {
    flint_cleanup();
    mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE);
  }
};

}  // namespace

void free_caches_at_thread_exit() {
  thread_local const ThreadCaches caches;
}

}  // namespace nke
