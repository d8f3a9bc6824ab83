// See curl_library.h.
#include "kinesis/curl_library.h"

#include <dlfcn.h>

#include "kinesis/failed.h"

namespace thresh::kinesis {
namespace {

constexpr const char* kName = "libcurl.so.4";

// Sets `*function` to the function of this name; returns whether it exists.
template <typename Function>
bool Find(void* library, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(library, name));
  return *function != nullptr;
}

}  // namespace

Result<const CurlLibrary*> LoadCurl() {
  static CurlLibrary curl{};
  if (curl.global_init != nullptr) return &curl;
  // Never closed: its threads and handlers may run until the program ends.
  void* const library = dlopen(kName, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return Failed(ErrorCode::kIo, dlerror(), kLibcurlRemedy);
  }
  CurlLibrary found{};
  const bool is_whole =
      Find(library, "curl_global_init", &found.global_init) &&
      Find(library, "curl_easy_init", &found.easy_init) &&
      Find(library, "curl_easy_setopt", &found.easy_setopt) &&
      Find(library, "curl_easy_perform", &found.easy_perform) &&
      Find(library, "curl_easy_getinfo", &found.easy_getinfo) &&
      Find(library, "curl_easy_strerror", &found.easy_strerror) &&
      Find(library, "curl_easy_cleanup", &found.easy_cleanup) &&
      Find(library, "curl_slist_append", &found.slist_append) &&
      Find(library, "curl_slist_free_all", &found.slist_free_all);
  if (!is_whole || found.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return Failed(ErrorCode::kIo, "cannot be used", kLibcurlRemedy, kName);
  }
  curl = found;
  return &curl;
}

}  // namespace thresh::kinesis
