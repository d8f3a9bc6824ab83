// Prints every user record of the archives given as arguments: the README's
// example of the C++ interface, built as a test.
#include <iostream>

#include "thresh/batch_reader.h"

void Print(const thresh::KinesisRecord& from, const thresh::UserRecord& user) {
  const thresh::Bytes key = user.partition_key.value_or(thresh::Bytes());
  std::cout << from.offset << '/' << user.sub_sequence_number << ' '
            << thresh::AsText(key) << ' ' << user.data.size() << " bytes\n";
}

int main(int argc, char** argv) {
  auto reader = thresh::BatchReader::Open({argv + 1, argv + argc});
  if (!reader) return std::cerr << reader.error().ToString() << '\n', 2;
  auto batch = reader->Next();
  for (; batch && *batch != nullptr; batch = reader->Next()) {
    thresh::ForEachUserRecord(**batch, Print);
  }
  for (const thresh::Error& error : reader->report().input_errors) {
    std::cerr << error.ToString() << '\n';
  }
  return batch && reader->report().input_errors.empty() ? 0 : 1;
}
