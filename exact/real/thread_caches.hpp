// SPDX-License-Identifier: Apache-2.0
// MPFR and FLINT keep constants and scratch memory per thread, and free them only when told. Private to exact/real.
#pragma once

namespace nke {

/// After this call the caches of the calling thread are freed when it ends. Cheap to repeat.
void free_caches_at_thread_exit();

}  // namespace nke
