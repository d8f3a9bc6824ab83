// JSON against another parser. The input is written as a string on every
// target, which must be read back unchanged, and read as a document, which must
// be accepted exactly if the other parser accepts it and its numbers and depth
// are within bounds.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/json.h"
#include "simd/targets.h"
#include "thresh/simd_target.h"

namespace {

using nlohmann::json;

constexpr size_t kDeepest = 1024;

void Require(bool holds) {
  if (!holds) std::abort();
}

// Follows a parse and notes what the engine rejects in addition to bad grammar.
class Bounds : public nlohmann::json_sax<json> {
 public:
  [[nodiscard]] bool kept() const { return kept_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const std::string& text) override {
    // An integer that is reported as a float was too large for 64 bits.
    if (text.find_first_of(".eE") == std::string::npos) kept_ = false;
    return true;
  }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(size_t) override { return Open(); }
  bool key(string_t&) override { return true; }
  bool end_object() override { return Close(); }
  bool start_array(size_t) override { return Open(); }
  bool end_array() override { return Close(); }
  bool parse_error(size_t, const std::string&,
                   const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool Open() {
    if (++depth_ > kDeepest) kept_ = false;
    return true;
  }
  bool Close() {
    --depth_;
    return true;
  }

  size_t depth_ = 0;
  bool kept_ = true;
};

bool ShouldBeAccepted(const std::string& text) {
  // That parser skips a byte order mark and stops at a zero byte, neither of
  // which is valid in JSON.
  if (text.starts_with("\xef\xbb\xbf") || text.find('\0') != text.npos) {
    return false;
  }
  Bounds bounds;
  return json::sax_parse(text, &bounds) && bounds.kept();
}

void CheckString(const std::string& text) {
  if (!thresh::IsUtf8(thresh::AsBytes(text))) {
    // The other parser must return the same for the same bytes, for strings
    // without characters to escape.
    const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
      return static_cast<uint8_t>(c) < 0x20 || c == '"' || c == '\\';
    });
    Require(!plain || !json::accept('"' + text + '"'));
    return;
  }
  static const std::vector<std::string> kTargets = thresh::SimdTargets();
  for (const std::string& target : kTargets) {
    Require(thresh::ForceSimdTarget(target));
    thresh::Column<uint8_t> out;
    thresh::AppendJsonString(thresh::AsBytes(text), &out);
    const json parsed = json::parse(out.begin(), out.end(), nullptr, false);
    Require(parsed.is_string() && parsed.get_ref<const std::string&>() == text);
  }
}

void CheckDocument(const std::string& text) {
  thresh::Column<uint8_t> out;
  thresh::JsonChecker checker;
  const bool accepted =
      thresh::AppendInlineJson(thresh::AsBytes(text), &checker, &out);
  Require(accepted == ShouldBeAccepted(text));
  if (!accepted) {
    Require(out.empty());
    return;
  }
  Require(std::none_of(out.begin(), out.end(),
                       [](uint8_t byte) { return byte < 0x20; }));
  Require(json::parse(out.begin(), out.end(), nullptr, false) ==
          json::parse(text, nullptr, false));
  // There is nothing left to remove.
  thresh::Column<uint8_t> again;
  Require(thresh::AppendInlineJson({out.data(), out.size()}, &checker, &again));
  Require(std::equal(out.begin(), out.end(), again.begin(), again.end()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  CheckString(text);
  CheckDocument(text);
  return 0;
}
