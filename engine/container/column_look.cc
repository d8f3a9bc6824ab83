#include "container/column_look.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <vector>

#include "container/base64_line.h"

namespace thresh {
namespace {

constexpr size_t kSeenRows = 50;

using CsvRow = std::vector<std::string>;

// The first rows of `text`, as in RFC 4180, with white space around fields
// removed.
std::vector<CsvRow> FirstRows(std::string_view text, char separator) {
  std::vector<CsvRow> rows;
  CsvRow row;
  std::string field;
  bool quoted = false;
  const auto end_field = [&] {
    const size_t begin = field.find_first_not_of(" \r");
    const size_t end = field.find_last_not_of(" \r");
    row.push_back(
        begin == std::string::npos ? "" : field.substr(begin, end + 1 - begin));
    field.clear();
  };
  const auto end_row = [&] {
    end_field();
    if (row.size() > 1 || !row.front().empty()) rows.push_back(row);
    row.clear();
  };
  for (const char c : text) {
    if (rows.size() == kSeenRows) return rows;
    if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      end_field();
    } else if (c == '\n' && !quoted) {
      end_row();
    } else {
      field += c;
    }
  }
  if (!field.empty() || !row.empty()) end_row();
  return rows;
}

// The one column in which fields begin like encoded blobs.
std::optional<size_t> DataColumn(const std::vector<CsvRow>& rows) {
  std::optional<size_t> column;
  for (const CsvRow& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (!row[i].starts_with(kEncodedMagic)) continue;
      if (column.has_value() && *column != i) return std::nullopt;
      column = i;
    }
  }
  return column;
}

// Whether a field is a column's name, which may look like base64.
bool IsNameOfData(std::string_view field) {
  constexpr size_t kLongest = 32;
  constexpr std::array<std::string_view, 9> kNames = {
      "data",   "payload", "value",   "body",   "record",
      "base64", "blob",    "message", "kinesis"};
  if (field.size() > kLongest) return false;
  std::string lower(field);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return std::ranges::any_of(kNames, [&lower](std::string_view name) {
    return lower.find(name) != std::string::npos;
  });
}

std::string CsvRemedy(const std::vector<CsvRow>& rows, char separator) {
  const std::optional<size_t> column = DataColumn(rows);
  if (!column.has_value()) {
    return "make lines of the column that holds the data, in base64, with a "
           "program that reads CSV";
  }
  const std::string first =
      *column < rows.front().size() ? rows.front()[*column] : "";
  const bool has_names = IsNameOfData(first);
  if (!has_names && !first.starts_with(kEncodedMagic)) {
    return "make lines of column " + std::to_string(*column + 1) +
           " with a program that reads CSV, but not of the first row if that "
           "has the columns' names";
  }
  const std::string delimiter =
      separator == '\t' ? "\\t" : std::string(1, separator);
  return "make lines of the column that holds the data: python3 -c 'import "
         "csv,sys; csv.field_size_limit(2**31-1); [print(r[" +
         std::to_string(*column) +
         "]) for i,r in enumerate(r for r in csv.reader(sys.stdin, "
         "delimiter=\"" +
         delimiter + "\", skipinitialspace=True) if r)" +
         (has_names ? " if i" : "") + "]' < FILE > NEW";
}

}  // namespace

std::optional<std::string> RemedyForColumns(std::string_view text) {
  // A longer line is recognized by others after it.
  constexpr size_t kLongestAlone = size_t{32} << 10;
  const bool is_cut =
      text.size() > kLongestAlone && text.find('\n') == std::string_view::npos;
  for (const char separator : {',', ';', '\t', '|'}) {
    const std::vector<CsvRow> rows = FirstRows(text, separator);
    if (rows.empty() || rows.front().size() < 2) continue;
    const bool is_table = rows.size() > 1
                              ? rows[0].size() == rows[1].size()
                              : !is_cut && DataColumn(rows).has_value();
    if (is_table) return CsvRemedy(rows, separator);
  }
  return std::nullopt;
}

}  // namespace thresh
