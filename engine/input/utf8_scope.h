// Within it, the thread's locale has the characters of UTF-8.
#ifndef THRESH_INPUT_UTF8_SCOPE_H_
#define THRESH_INPUT_UTF8_SCOPE_H_

#include <clocale>

namespace thresh {

// libarchive converts names to the characters of the thread's locale, and fails
// for those that it does not have. UTF-8 has all.
class Utf8Scope {
 public:
  Utf8Scope() : before_(uselocale(Utf8())) {}
  Utf8Scope(const Utf8Scope&) = delete;
  Utf8Scope& operator=(const Utf8Scope&) = delete;
  ~Utf8Scope() { uselocale(before_); }

 private:
  // Null, which changes nothing, on systems that lack it.
  static locale_t Utf8() {
    static const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return utf8;
  }

  locale_t before_;
};

}  // namespace thresh

#endif  // THRESH_INPUT_UTF8_SCOPE_H_
