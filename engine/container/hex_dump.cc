// The addresses of a dump give the number of bytes in a line, and so the form
// of a group of digits: several forms look alike.
#include "container/hex_dump.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "container/dump_text.h"

namespace thresh {
namespace {

struct DumpLine {
  std::string_view address;
  std::string_view rest;  // after the blank that ends the address
  bool is_of_xxd;         // a colon follows the address
};

// The address has the form of od, hexdump or xxd.
std::optional<DumpLine> SplitDumpLine(std::string_view line) {
  constexpr size_t kShortest = 6;
  const size_t blank = std::min(line.find(' '), line.size());
  std::string_view address = line.substr(0, blank);
  const bool has_colon = address.ends_with(':');
  if (has_colon) address.remove_suffix(1);
  if (address.size() < kShortest ||
      address.find_first_not_of(kHexDigits) != std::string_view::npos) {
    return std::nullopt;
  }
  return DumpLine{address, line.substr(std::min(blank + 1, line.size())),
                  has_colon};
}

// How a group of digits is read.
struct GroupForm {
  int base;
  size_t bytes;  // of a full group
};

// The form of `groups` if they show `size` bytes.
std::optional<GroupForm> FormOf(const DumpGroups& groups, size_t size) {
  // Digits: of each group; 0 for numbers without leading zeros.
  struct Form {
    int base;
    size_t digits;
    size_t bytes;
  };
  constexpr std::array<Form, 14> kForms = {{
      {2, 8, 1},
      {16, 2, 1},
      {16, 4, 2},
      {16, 8, 4},
      {16, 16, 8},
      {8, 3, 1},
      {8, 6, 2},
      {8, 11, 4},
      {8, 22, 8},
      {10, 5, 2},
      {10, 0, 1},
      {10, 0, 2},
      {10, 0, 4},
      {10, 0, 8},
  }};
  if (groups.empty() || size == 0) return std::nullopt;
  for (const Form& form : kForms) {
    if (size > groups.size() * form.bytes ||
        size <= (groups.size() - 1) * form.bytes) {
      continue;
    }
    const bool fits =
        std::ranges::all_of(groups, [&form](std::string_view group) {
          const std::optional<uint64_t> number = NumberOf(group, form.base);
          if (!number.has_value()) return false;
          if (form.digits != 0) return group.size() == form.digits;
          return form.bytes == 8 || *number >> (8 * form.bytes) == 0;
        });
    if (fits) return GroupForm{form.base, form.bytes};
  }
  // xxd supports groups of any size, and ends a line with a shorter one.
  size_t digits = 0;
  for (const std::string_view group : groups) {
    if (group.size() % 2 != 0 ||
        group.find_first_not_of(kHexDigits) != std::string_view::npos) {
      return std::nullopt;
    }
    digits += group.size();
  }
  if (digits != 2 * size) return std::nullopt;
  return GroupForm{16, groups.front().size() / 2};
}

// Whether `shown` is the text column for `bytes`.
bool IsShownAs(std::string_view bytes, std::string_view shown) {
  return std::ranges::equal(bytes, shown, [](char byte, char c) {
    return c == (byte >= ' ' && byte <= '~' ? byte : '.');
  });
}

// The form of the first line of a dump.
struct DumpForm {
  size_t size = 0;  // bytes in the line
  GroupForm group{};
  std::optional<size_t> text_column;  // in the text after the address
  bool little_endian = false;
};

std::optional<DumpForm> FormWithText(const DumpLine& line) {
  const std::string_view rest = line.rest;
  for (size_t at = 0; at < rest.size(); ++at) {
    std::string_view shown = rest.substr(at);
    if (line.is_of_xxd && shown.starts_with("  ")) {
      shown.remove_prefix(2);
    } else if (shown.starts_with('|') || shown.starts_with('>')) {
      const char end = shown.front() == '|' ? '|' : '<';
      shown = shown.substr(1, std::max(shown.rfind(end), size_t{1}) - 1);
    } else {
      continue;
    }
    const DumpGroups groups = SplitGroups(rest.substr(0, at));
    const std::optional<GroupForm> group = FormOf(groups, shown.size());
    if (!group.has_value()) continue;
    const bool has_order = group->base == 16 && group->bytes > 1;
    if (has_order && IsShownAs(BytesShown(groups, true), shown) &&
        !IsShownAs(BytesShown(groups, false), shown)) {
      return DumpForm{shown.size(), *group, at, true};
    }
    return DumpForm{shown.size(), *group, at, false};
  }
  return std::nullopt;
}

std::optional<DumpForm> FormWithoutText(std::string_view rest, size_t size) {
  const DumpGroups groups = SplitGroups(rest);
  const std::optional<GroupForm> group = FormOf(groups, size);
  if (!group.has_value()) return std::nullopt;
  const bool is_big = group->base == 16 &&
                      BytesShown(groups, false).starts_with("\xF3\x89\x9A\xC2");
  return DumpForm{size, *group, std::nullopt, group->bytes > 1 && !is_big};
}

// The distance between two lines, if their addresses are numbers of `base`.
std::optional<size_t> Distance(std::string_view from, std::string_view to,
                               int base) {
  const std::optional<uint64_t> first = NumberOf(from, base);
  const std::optional<uint64_t> second = NumberOf(to, base);
  if (!first.has_value() || !second.has_value() || *second <= *first) {
    return std::nullopt;
  }
  return *second - *first;
}

// Whether addresses of `base` match lines of `size` bytes, the last of which
// has fewer. One dump may follow another.
bool FitsAddresses(const std::vector<std::string_view>& lines, int base,
                   size_t size) {
  const auto is_last = [&](size_t i) {
    if (i + 1 >= lines.size()) return true;
    const std::optional<DumpLine> next = SplitDumpLine(lines[i + 1]);
    return next.has_value() && NumberOf(next->address, base) == 0U;
  };
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::optional<DumpLine> line = SplitDumpLine(lines[i]);
    if (!line.has_value() && lines[i] != "*") return false;
    if (is_last(i) || !line.has_value()) continue;
    const std::optional<DumpLine> next = SplitDumpLine(lines[i + 1]);
    if (!next.has_value()) continue;
    const std::optional<size_t> distance =
        Distance(line->address, next->address, base);
    if (!distance.has_value() || *distance > size) return false;
    if (*distance < size && !is_last(i + 1)) return false;
  }
  return true;
}

std::string DumpCommand(const DumpForm& form, int address_base,
                        const DumpLine& first) {
  const std::string bytes =
      form.group.base == 16 ? "len(g)//2" : std::to_string(form.group.bytes);
  const std::string cut = form.text_column.has_value()
                              ? "[:" + std::to_string(*form.text_column) + "]"
                              : "";
  return "make bytes of it: python3 -c 'import sys; d=bytearray(); p=b\"\"; "
         "e=" +
         std::to_string(NumberOf(first.address, address_base).value_or(0)) +
         "; [(d.extend(p*((A-e)//(len(p) or 1))), "
         "p:=b\"\".join(int(g," +
         std::to_string(form.group.base) + ").to_bytes(" + bytes + ",\"" +
         (form.little_endian ? "little" : "big") + "\") for g in h" + cut +
         ".split()), d.extend(p), p or "
         "d.__delitem__(slice(len(d)-max(e-A,0),None)), e:=A+len(p)) for l in "
         "sys.stdin for a,_,h in [l.strip(\"\\ufeff \\r\\n\").partition(\" "
         "\")] if a not in "
         "(\"\",\"*\") for A in [int(a.rstrip(\":\")," +
         std::to_string(address_base) +
         ")]]; sys.stdout.buffer.write(d)' < FILE > NEW";
}

}  // namespace

std::optional<std::string> RemedyForDump(std::string_view text) {
  const std::vector<std::string_view> lines = FirstLinesOf(text);
  if (lines.empty()) return std::nullopt;
  const std::optional<DumpLine> first = SplitDumpLine(lines[0]);
  if (!first.has_value()) return std::nullopt;
  const std::optional<DumpLine> second =
      lines.size() > 1 ? SplitDumpLine(lines[1]) : std::nullopt;
  const std::optional<DumpForm> with_text = FormWithText(*first);
  for (const int base : {16, 8, 10}) {
    std::optional<DumpForm> form = with_text;
    if (!form.has_value()) {
      if (!second.has_value()) break;
      const std::optional<size_t> size =
          Distance(first->address, second->address, base);
      if (!size.has_value()) continue;
      form = FormWithoutText(first->rest, *size);
    }
    if (form.has_value() && FitsAddresses(lines, base, form->size)) {
      return DumpCommand(*form, base, *first);
    }
  }
  // Numbers of an unknown form, or characters.
  const bool is_dump =
      first->address.find_first_not_of('0') == std::string_view::npos &&
      (with_text.has_value() ||
       (second.has_value() && second->address.size() == first->address.size()));
  if (!is_dump) return std::nullopt;
  return kDumpAgain;
}

}  // namespace thresh
