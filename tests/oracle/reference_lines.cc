// Base64 lines, and the forms in which programs write them.
#include <algorithm>

#include "oracle/reference_archive.h"

namespace thresh::oracle {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kEncodedMagic = "84mawg";

std::string_view Strip(std::string_view text) {
  while (!text.empty() && kBlanks.find(text.front()) != kBlanks.npos) {
    text.remove_prefix(1);
  }
  while (!text.empty() && kBlanks.find(text.back()) != kBlanks.npos) {
    text.remove_suffix(1);
  }
  return text;
}

struct Line {
  std::string_view text;  // without what surrounds it
  std::string_view bare;  // with only the line end removed
};

// The lines of `archive`. All views are into it.
std::vector<Line> LinesOf(std::string_view archive) {
  std::vector<Line> lines;
  while (!archive.empty()) {
    const size_t feed = archive.find('\n');
    Line line;
    line.bare = archive.substr(0, feed);
    archive.remove_prefix(std::min(archive.size(), line.bare.size() + 1));
    if (line.bare.ends_with('\r')) line.bare.remove_suffix(1);
    line.text = line.bare;
    if (line.text.starts_with("\xEF\xBB\xBF")) line.text.remove_prefix(3);
    line.text = Strip(line.text);
    lines.push_back(line);
  }
  return lines;
}

// Base64 of one alphabet, padded or unpadded.
std::optional<std::string> DecodeAny(std::string_view text) {
  if (text.empty()) return "";
  std::string body(text);
  const bool url = text.find_first_of("-_") != text.npos;
  if (url && text.find_first_of("+/") != text.npos) return std::nullopt;
  std::ranges::replace(body, '-', '+');
  std::ranges::replace(body, '_', '/');
  const bool padded = body.ends_with('=');
  if (padded && body.size() % 4 != 0) return std::nullopt;
  while (body.ends_with('=')) body.pop_back();
  if (body.empty() || text.size() - body.size() > 2) return std::nullopt;
  if (body.size() % 4 == 1) return std::nullopt;
  while (body.size() % 4 != 0) body.push_back('=');
  return DecodeBase64(body);
}

bool IsBlob(std::string_view bytes) {
  return bytes.size() > 20 && bytes.starts_with(kReferenceMagic) &&
         bytes == Seal(bytes.substr(4, bytes.size() - 20));
}

// The strings of `list`, which must contain nothing else; nullopt if it does.
std::optional<std::vector<std::string_view>> StringsOf(std::string_view list) {
  std::vector<std::string_view> strings;
  for (;;) {
    if (!list.starts_with('"')) return std::nullopt;
    const size_t quote = list.find('"', 1);
    if (quote == list.npos) return std::nullopt;
    strings.push_back(list.substr(1, quote - 1));
    if (strings.back().find('\\') != list.npos) return std::nullopt;
    list = Strip(list.substr(quote + 1));
    if (list.empty()) return strings;
    if (!list.starts_with(',')) return std::nullopt;
    list = Strip(list.substr(1));
  }
}

class LinesReader {
 public:
  explicit LinesReader(std::string_view archive)
      : archive_(archive), lines_(LinesOf(archive)) {
    result_.bytes = archive.size();
    result_.lenient_data = 0;
  }

  ReferenceArchive Read() {
    for (size_t i = 0; i < lines_.size();) {
      const std::string_view text = lines_[i].text;
      const bool wide = text.size() == 64 || text.size() == 76;
      if (wide && text.starts_with(kEncodedMagic)) {
        const size_t end = EndOfWrapped(i);
        AddWrapped(i, end);
        i = end;
      } else {
        AddLine(lines_[i++]);
      }
    }
    result_.framing_bytes =
        archive_.size() - result_.RowBytes(true) - result_.RowBytes(false);
    return result_;
  }

 private:
  size_t OffsetOf(std::string_view text) const {
    return static_cast<size_t>(text.data() - archive_.data());
  }

  void AddOpaque(std::string_view text) {
    result_.rows.push_back(OpaqueSpan(archive_, OffsetOf(text), text.size()));
  }

  void AddItem(std::string_view text, bool bare) {
    const std::optional<std::string> record =
        text.find_first_of(kBlanks) == text.npos ? DecodeAny(text)
                                                 : std::nullopt;
    if (!record) return AddOpaque(text);
    result_.rows.push_back(JudgeAt(*record, OffsetOf(text), text.size()));
    if (!bare || !DecodeBase64(text)) ++*result_.lenient_data;
  }

  void AddLine(const Line& line) {
    std::string_view text = line.text;
    if (text.ends_with(',')) {
      text.remove_suffix(1);
      text = Strip(text);
    }
    const bool opens = text.starts_with('[');
    if (opens) text = Strip(text.substr(1));
    const bool closes = text.ends_with(']');
    if (closes) text = Strip(text.substr(0, text.size() - 1));
    if (text.empty()) return;
    if (const auto strings = StringsOf(text)) {
      if (strings->size() > 1 && !opens && !closes) return AddOpaque(line.text);
      for (const std::string_view string : *strings) AddItem(string, false);
    } else if (opens || closes || text.starts_with('"')) {
      AddOpaque(line.text);
    } else {
      AddItem(text, text.size() == line.bare.size());
    }
  }

  // Whether lines from `begin` to `end` are base64 together: full ones, and the
  // last.
  std::optional<std::string> Joined(size_t begin, size_t end) const {
    const size_t width = lines_[begin].text.size();
    std::string joined;
    for (size_t i = begin; i < end; ++i) {
      const std::string_view text = lines_[i].text;
      if (text.empty() || text.size() > width ||
          text.find_first_of(kBlanks) != text.npos) {
        return std::nullopt;
      }
      const std::optional<std::string> piece = DecodeAny(text);
      if (!piece) return std::nullopt;
      const bool full = text.size() == width && piece->size() == width / 4 * 3;
      if (!full && i + 1 < end) return std::nullopt;
      joined += *piece;
    }
    return joined;
  }

  // The line after the record that begins with line `begin`.
  size_t EndOfWrapped(size_t begin) const {
    const size_t width = lines_[begin].text.size();
    for (size_t end = begin + 1; end <= lines_.size(); ++end) {
      const std::string_view last = lines_[end - 1].text;
      if (last.empty()) break;
      const std::optional<std::string> joined = Joined(begin, end);
      if (!joined) break;
      if (IsBlob(*joined)) return end;
    }
    size_t end = begin + 1;
    size_t full = 1;
    size_t odd = 0;  // in a row
    for (; end < lines_.size(); ++end) {
      const std::string_view text = lines_[end].text;
      if (text.empty() || text.starts_with(kEncodedMagic)) break;
      if (text.size() == width) {
        ++full;
        odd = 0;
      } else if (++odd > (full > 1 ? 2U : 1U)) {
        break;
      }
    }
    return end;
  }

  void AddWrapped(size_t begin, size_t end) {
    const size_t offset = OffsetOf(lines_[begin].text);
    const size_t length =
        OffsetOf(lines_[end - 1].text) + lines_[end - 1].text.size() - offset;
    const std::string_view text = archive_.substr(offset, length);
    const std::optional<std::string> record = Joined(begin, end);
    if (!record) return AddOpaque(text);
    result_.rows.push_back(JudgeAt(*record, offset, length));
    const bool canonical = text == lines_[begin].bare && DecodeBase64(text);
    if (!canonical) ++*result_.lenient_data;
  }

  std::string_view archive_;
  std::vector<Line> lines_;
  ReferenceArchive result_;
};

}  // namespace

ReferenceArchive ReadBase64Lines(std::string_view archive) {
  return LinesReader(archive).Read();
}

}  // namespace thresh::oracle
