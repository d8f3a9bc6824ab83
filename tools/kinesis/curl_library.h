// libcurl, loaded when it is first needed. It brings two dozen libraries along,
// and linked as usual it would make every other command start ten times as
// slowly.
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

// What to do without one that serves: 7.86 sorts the headers that it signs.
inline constexpr const char* kLibcurlRemedy =
    "install libcurl, 7.86 or later (Debian's package libcurl4)";

// Ready for use, until the program ends; the same each time. Not from several
// threads at once the first time.
[[nodiscard]] Result<const CurlLibrary*> LoadCurl();

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_CURL_LIBRARY_H_
