// Follows the POSIX descriptions of ustar, pax and cpio.
#include "oracle/archives.h"

#include <cstdint>
#include <cstdio>

namespace thresh::oracle {
namespace {

constexpr size_t kBlock = 512;

std::string Octal(uint64_t number, size_t digits) {
  std::string text(digits, '0');
  for (size_t i = digits; i-- > 0; number /= 8) {
    text[i] = static_cast<char>('0' + number % 8);
  }
  return text;
}

std::string Padded(std::string text, size_t size) {
  text.resize(size, '\0');
  return text;
}

}  // namespace

std::string TarMember(const TarEntry& entry) {
  std::string header = Padded(entry.name, 100) + Octal(0644, 7) + '\0' +
                       Octal(0, 7) + '\0' + Octal(0, 7) + '\0' +
                       Octal(entry.content.size(), 11) + ' ' + Octal(0, 11) +
                       ' ' + std::string(8, ' ') + entry.type +
                       Padded(entry.link, 100) + "ustar" +
                       std::string(
                           "\0"
                           "00",
                           3);
  header = Padded(std::move(header), kBlock);
  uint64_t sum = 0;
  for (const char byte : header) sum += static_cast<uint8_t>(byte);
  header.replace(148, 7, Octal(sum, 6) + '\0');
  std::string content = entry.content;
  content.resize((content.size() + kBlock - 1) / kBlock * kBlock, '\0');
  return header + content;
}

std::string Tar(const std::vector<TarEntry>& entries) {
  std::string archive;
  for (const TarEntry& entry : entries) archive += TarMember(entry);
  return archive + std::string(2 * kBlock, '\0');
}

std::string PaxHeader(std::string_view key, std::string_view value) {
  // A line's length includes its own digits.
  const size_t rest = key.size() + value.size() + 3;
  size_t size = rest + 1;
  while (size != rest + std::to_string(size).size()) ++size;
  return TarMember({.content = std::to_string(size) + " " + std::string(key) +
                               "=" + std::string(value) + "\n",
                    .name = "pax",
                    .type = 'x'});
}

std::string Cpio(const std::vector<TarEntry>& entries) {
  std::string archive;
  uint64_t inode = 0;
  const auto add = [&](const std::string& name, const std::string& content) {
    archive += "070707" + Octal(1, 6) + Octal(++inode, 6) + Octal(0100644, 6) +
               Octal(0, 6) + Octal(0, 6) + Octal(1, 6) + Octal(0, 6) +
               Octal(0, 11) + Octal(name.size() + 1, 6) +
               Octal(content.size(), 11) + name + '\0' + content;
  };
  for (const TarEntry& entry : entries) add(entry.name, entry.content);
  add("TRAILER!!!", "");
  return archive;
}

}  // namespace thresh::oracle
