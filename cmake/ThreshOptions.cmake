# Flags for every target of this project: thresh_options, an interface library
# that is linked privately and never exported.
add_library(thresh_options INTERFACE)
target_compile_options(thresh_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor
  # g++ 12 sees overlap where operator+ joins a literal and a string (GCC bug
  # 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${THRESH_WERROR}>:-Werror>)
# Debian's libhwy takes 3 ms to load, and is used for Highway's assertions alone.
target_link_options(thresh_options INTERFACE LINKER:--as-needed)
if(THRESH_SANITIZE)
  target_compile_options(thresh_options INTERFACE
    -fsanitize=${THRESH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(thresh_options INTERFACE -fsanitize=${THRESH_SANITIZE})
endif()
if(THRESH_SANITIZE MATCHES "thread")
  # Makes the order of oneTBB's tasks visible; tests/tsan/ordered_body.h.
  set(THRESH_TSAN_DIR ${PROJECT_SOURCE_DIR}/tests/tsan)
  target_include_directories(thresh_options BEFORE INTERFACE ${THRESH_TSAN_DIR})
  target_compile_options(thresh_options INTERFACE
    -fsanitize-ignorelist=${THRESH_TSAN_DIR}/ignore.txt)
endif()
if(THRESH_LIBFUZZER)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "THRESH_LIBFUZZER needs clang: configure with --preset asan")
  endif()
  # Coverage for the engine and the targets; the driver is linked in fuzz/.
  target_compile_options(thresh_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(thresh_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
