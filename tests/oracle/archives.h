// Writes archives strictly by their formats. Zip is among the writers of
// compress.h.
#ifndef THRESH_TESTS_ORACLE_ARCHIVES_H_
#define THRESH_TESTS_ORACLE_ARCHIVES_H_

#include <string>
#include <string_view>
#include <vector>

namespace thresh::oracle {

struct TarEntry {
  std::string content;
  std::string name = "name";
  char type = '0';        // a file; '1' and '2' are links
  std::string link = {};  // the target of a link
};

// One entry's header and content, without an end; names of up to 100 bytes.
std::string TarMember(const TarEntry& entry);

// Two blocks of zeros end it.
std::string Tar(const std::vector<TarEntry>& entries);

// A pax header that sets `key` = `value` for the following entry.
std::string PaxHeader(std::string_view key, std::string_view value);

// In the portable format of cpio.
std::string Cpio(const std::vector<TarEntry>& entries);

}  // namespace thresh::oracle

#endif  // THRESH_TESTS_ORACLE_ARCHIVES_H_
