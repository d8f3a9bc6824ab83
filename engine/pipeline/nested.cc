// Hardly any archive has nested aggregates, so each row only has its first
// bytes examined.
#include "pipeline/nested.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "digest/md5_lanes.h"
#include "record/aggregated_record_reader.h"
#include "record/envelope.h"

namespace thresh {
namespace {

Bytes DataOf(const UserRecordColumns& rows, size_t row) {
  return {rows.data[row], rows.data_size[row]};
}

bool BeginsWithMagic(const uint8_t* data) {
  return std::memcmp(data, kMagic.data(), kMagic.size()) == 0;
}

// The rows from `first` on whose data is an aggregate with a digest that
// verifies. The rows are of a record with a digest at its end: so wherever data
// begins in it, and however short it is, as many bytes as a magic has can be
// read.
std::vector<size_t> FindVerified(size_t first, const UserRecordColumns& rows) {
  static_assert(kDigestSize >= kMagic.size());
  std::vector<size_t> found;
  const uint8_t* const* const begin = rows.data.data();
  const uint8_t* const* const end = begin + rows.size();
  // The library's loop is unrolled to four rows.
  for (const auto* at = std::find_if(begin + first, end, BeginsWithMagic);
       at != end; at = std::find_if(at + 1, end, BeginsWithMagic)) {
    const auto row = static_cast<size_t>(at - begin);
    if (LooksAggregated(DataOf(rows, row))) found.push_back(row);
  }
  if (found.empty()) return found;
  std::vector<Bytes> messages;
  messages.reserve(found.size());
  for (const size_t row : found) {
    messages.push_back(MessageOf(DataOf(rows, row)));
  }
  std::vector<Md5Digest> digests(messages.size());
  Md5Many(messages, digests);
  const Md5Digest* digest = digests.data();
  std::erase_if(found, [&](size_t row) {
    return !std::ranges::equal(*digest++, DigestOf(DataOf(rows, row)));
  });
  return found;
}

// Deaggregates nested aggregates: each in place of its row, so that records
// stay in order.
class Expander {
 public:
  Expander(UserRecordColumns* rows, Summary* summary)
      : rows_(rows), summary_(summary) {}

  // The rows from `first` on are of one aggregate, at `path`; those in `found`
  // verify.
  void Expand(size_t first, const std::vector<size_t>& found,
              const NestedPath& path) {
    if (found.empty() || path.depth == kMaxNesting) {
      for (const size_t row : found) CountIfWhole(row);
      Number(first, path);
      return;
    }
    const std::vector<Row> before = TakeRows(first);
    auto next = found.begin();
    for (size_t i = 0; i < before.size(); ++i) {
      const auto number = static_cast<uint32_t>(i);
      if (next != found.end() && *next == first + i) {
        ++next;
        NestedPath inner = path;
        inner.numbers[inner.depth++] = number;
        const size_t start = rows_->size();
        if (Read(before[i].data)) {
          ++summary_->nested_aggregates;
          Expand(start, FindVerified(start, *rows_), inner);
          continue;
        }
      }
      Append(before[i], number, path);
    }
  }

  // Counts the aggregate at `row` if it holds a user record.
  void CountIfWhole(size_t row) {
    UserRecordColumns scratch;
    const WireResult read =
        ReadAggregatedRecord(MessageOf(DataOf(*rows_, row)), &scratch);
    if (read.status != WireStatus::kOk || scratch.size() == 0) return;
    ++summary_->nested_aggregates;
    ++summary_->nested_left_whole;
  }

 private:
  struct Row {
    Bytes data;
    uint32_t partition_key;
    uint32_t explicit_hash_key;
  };

  // Appends the user records of `aggregate`; false if there are none.
  bool Read(Bytes aggregate) {
    const size_t before = rows_->size();
    const WireResult read = ReadAggregatedRecord(MessageOf(aggregate), rows_);
    if (read.status != WireStatus::kOk || rows_->size() == before) return false;
    summary_->explicit_hash_keys_without_table +=
        read.explicit_hash_keys_without_table;
    return true;
  }

  std::vector<Row> TakeRows(size_t first) {
    std::vector<Row> rows;
    for (size_t row = first; row < rows_->size(); ++row) {
      rows.push_back({DataOf(*rows_, row), rows_->partition_key[row],
                      rows_->explicit_hash_key[row]});
    }
    rows_->Truncate(first, rows_->partition_keys.size(),
                    rows_->explicit_hash_keys.size());
    return rows;
  }

  void Append(const Row& row, uint32_t number, const NestedPath& path) {
    rows_->data.Append(row.data.data());
    rows_->data_size.Append(static_cast<uint32_t>(row.data.size()));
    rows_->partition_key.Append(row.partition_key);
    rows_->explicit_hash_key.Append(row.explicit_hash_key);
    rows_->sub_sequence_number.Append(number);
    rows_->nested_path.Append(RowOf(path));
  }

  // Numbers the rows from `first` on, which are at `path`.
  void Number(size_t first, const NestedPath& path) {
    const uint32_t id = RowOf(path);
    for (size_t row = first; row < rows_->size(); ++row) {
      rows_->sub_sequence_number.Append(static_cast<uint32_t>(row - first));
      rows_->nested_path.Append(id);
    }
  }

  // Row of `path` in the table, to which it is appended unless it is the last.
  uint32_t RowOf(const NestedPath& path) {
    if (path.depth == 0) return kNotNested;
    Column<NestedPath>* paths = &rows_->nested_paths;
    if (paths->empty() || paths->back() != path) paths->Append(path);
    return static_cast<uint32_t>(paths->size() - 1);
  }

  UserRecordColumns* rows_;
  Summary* summary_;
};

// Adds the columns that nested rows have to the rows of `batch` before `first`.
void BeginNumbers(size_t first, Batch* batch) {
  UserRecordColumns* rows = &batch->user_records;
  NumberFirstRows(first, batch);
  if (rows->nested_path.empty()) {
    rows->nested_path.Resize(first);
    std::ranges::fill(rows->nested_path, kNotNested);
  }
}

}  // namespace

void HandleNested(size_t first, bool take_apart, Batch* batch,
                  Summary* summary) {
  const std::vector<size_t> found = FindVerified(first, batch->user_records);
  if (found.empty()) return;
  Expander expander(&batch->user_records, summary);
  if (take_apart) {
    BeginNumbers(first, batch);
    expander.Expand(first, found, {});
  } else {
    for (const size_t row : found) expander.CountIfWhole(row);
  }
}

void NumberFirstRows(size_t count, Batch* batch) {
  Column<uint32_t>* numbers = &batch->user_records.sub_sequence_number;
  if (!numbers->empty()) return;
  numbers->Resize(count);
  for (const KinesisRecord& record : batch->kinesis_records) {
    for (uint32_t i = 0; i < record.user_record_count; ++i) {
      (*numbers)[record.first_user_record + i] = i;
    }
  }
}

void NumberRows(size_t first, UserRecordColumns* rows) {
  Column<uint32_t>* numbers = &rows->sub_sequence_number;
  while (!numbers->empty() && numbers->size() < rows->size()) {
    numbers->Append(static_cast<uint32_t>(numbers->size() - first));
  }
  Column<uint32_t>* paths = &rows->nested_path;
  while (!paths->empty() && paths->size() < rows->size()) {
    paths->Append(kNotNested);
  }
}

}  // namespace thresh
