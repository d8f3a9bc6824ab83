// libcurl, loaded on first use. It depends on two dozen libraries, and normal
// linking would make every other command start ten times as slowly.
#ifndef THRESH_TOOLS_KINESIS_CURL_LIBRARY_H_
#define THRESH_TOOLS_KINESIS_CURL_LIBRARY_H_

#include <curl/curl.h>

#include "thresh/result.h"

namespace thresh::kinesis {

// Its functions, as curl/curl.h declares them.
struct CurlLibrary {
  decltype(&curl_global_init) global_init;
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_perform) easy_perform;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
};

// The remedy if there is no suitable libcurl: 7.86 sorts the headers that it
// signs.
inline constexpr const char* kLibcurlRemedy =
    "install libcurl, 7.86 or later (Debian's package libcurl4)";

// Returns the library, which is valid until the program ends; the same for
// every call. The first call is not thread-safe.
[[nodiscard]] Result<const CurlLibrary*> LoadCurl();

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_CURL_LIBRARY_H_
