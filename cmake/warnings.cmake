# Warnings and floating-point rules of our own code; nothing here reaches those who link nke.
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  set(NKE_SANITIZED ON)
else()
  set(NKE_SANITIZED OFF)
endif()
add_library(nke_warnings INTERFACE)
target_compile_options(nke_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wdouble-promotion -Wcast-qual -Wimplicit-fallthrough
  $<$<BOOL:${NKE_WERROR}>:-Werror>
  # GCC 12 warns of overlapping copies in its own std::string assigned from a literal (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # Under the sanitizers GCC takes the library's own std::regex for uninitialised memory.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${NKE_SANITIZED}>>:-Wno-maybe-uninitialized>
  # Same source, same bits: a compiler that fuses a*b+c where it likes makes results depend on the target.
  -ffp-contract=off
  # Paths of the machine that built the library do not belong in its messages.
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
