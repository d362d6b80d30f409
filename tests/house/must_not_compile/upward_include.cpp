// SPDX-License-Identifier: Apache-2.0
// exact/expr stands below hermite: it cannot see its headers.
#include <nke/hermite/series.hpp>
