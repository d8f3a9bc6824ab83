// Fills the data of user records.
#ifndef THRESH_TOOLS_GENERATOR_DATA_WRITER_H_
#define THRESH_TOOLS_GENERATOR_DATA_WRITER_H_

#include <cstdint>
#include <span>

#include "generator/generator.h"
#include "generator/random.h"

namespace thresh::generator {

// Fills all of `data`, which has at least one byte, with bytes of the given
// kind.
void WriteData(DataKind kind, Random* random, std::span<uint8_t> data);

// Writes `number` as 16 lowercase hexadecimal digits.
void WriteHex(uint64_t number, uint8_t* out);

}  // namespace thresh::generator

#endif  // THRESH_TOOLS_GENERATOR_DATA_WRITER_H_
