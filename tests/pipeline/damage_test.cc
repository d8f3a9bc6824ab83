// Archives of blobs back to back, damaged at thousands of positions: the engine
// must find what the naive scanner finds, and every blob that the damage did
// not affect, regardless of the window and the number of jobs.
#include <gmock/gmock.h>

#include "oracle/engine_run.h"
#include "oracle/samples.h"
#include "sanitized.h"

namespace thresh {
namespace {

using oracle::Random;
using oracle::ReferenceRow;

struct IntactBlob {
  size_t offset;
  std::string bytes;

  [[nodiscard]] size_t end() const { return offset + bytes.size(); }
};

// An archive that tracks, through all modifications, which of its blobs are
// still intact and where they are.
class DamagedArchive {
 public:
  explicit DamagedArchive(const std::vector<std::string>& blobs) {
    for (const std::string& blob : blobs) {
      intact_.push_back({bytes_.size(), blob});
      bytes_ += blob;
    }
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] const std::vector<IntactBlob>& intact() const {
    return intact_;
  }

  void FlipBit(size_t at, int bit) {
    Touch(at, at + 1);
    bytes_[at] = static_cast<char>(bytes_[at] ^ (1 << bit));
  }

  // Replaces the bytes from `from` to `to` by `with`.
  void Replace(size_t from, size_t to, const std::string& with) {
    Touch(from, to);
    bytes_.replace(from, to - from, with);
    for (IntactBlob& blob : intact_) {
      if (blob.offset >= to) blob.offset += with.size() - (to - from);
    }
  }

  // Makes one random modification.
  void Damage(Random* random) {
    const size_t size = bytes_.size();
    if (size < 2) return;
    const size_t from = random->Below(size);
    const size_t room = size - from;
    const size_t some = 1 + random->Below(random->Below(4) == 0 ? 3000 : 20);
    const size_t to = from + std::min(room, some);
    switch (random->Below(6)) {
      case 0:
        return FlipBit(from, static_cast<int>(random->Below(8)));
      case 1:  // insert
        return Replace(from, from, random->Bytes(some));
      case 2:  // delete
        return Replace(from, to, "");
      case 3:  // overwrite
        return Replace(from, to, std::string(to - from, '\0'));
      case 4:  // duplicate
        return Replace(to, to, bytes_.substr(from, to - from));
      default:  // cut an end off
        return random->Below(2) == 0
                   ? Replace(0, std::min(size / 4, some), "")
                   : Replace(size - std::min(size / 4, some), size, "");
    }
  }

 private:
  // Removes the blobs that a change from `from` to `to` breaks. A change of no
  // bytes breaks the blob that contains its position.
  void Touch(size_t from, size_t to) {
    std::erase_if(intact_, [from, to](const IntactBlob& blob) {
      return from < blob.end() && std::max(to, from + 1) > blob.offset &&
             !(from == to && from == blob.offset);
    });
  }

  std::string bytes_;
  std::vector<IntactBlob> intact_;  // by offset
};

// Expects every intact blob once, at its position, as if it were alone.
void ExpectIntactBlobs(const std::vector<ReferenceRow>& rows,
                       const std::vector<IntactBlob>& intact) {
  size_t next = 0;
  for (const IntactBlob& blob : intact) {
    while (next < rows.size() && rows[next].offset < blob.offset) ++next;
    ASSERT_LT(next, rows.size()) << "no row at " << blob.offset;
    ReferenceRow expected = oracle::Judge(blob.bytes);
    expected.offset = blob.offset;
    ASSERT_EQ(oracle::DiffRows({rows[next]}, {expected}), "");
    ++next;
  }
}

std::vector<Options> Configurations() {
  std::vector<Options> all;
  for (const size_t window : {64U, 1U << 10, 10U << 10, 1U << 20}) {
    for (const unsigned jobs : {1U, 2U, 4U}) {
      Options options;
      options.container = ContainerKind::kBlobs;
      options.window_bytes = window;
      options.jobs = jobs;
      all.push_back(options);
    }
  }
  return all;
}

// Compares under configuration number `which`, modulo their number.
void Check(const DamagedArchive& archive, size_t which) {
  static const std::vector<Options> configurations = Configurations();
  const Options& options = configurations[which % configurations.size()];
  SCOPED_TRACE(testing::Message() << "window " << options.window_bytes
                                  << " jobs " << options.jobs);
  const oracle::EngineRun run = oracle::RunEngine(archive.bytes(), options);
  ASSERT_EQ(oracle::Diff(run, oracle::ReadBlobs(archive.bytes())), "");
  ExpectIntactBlobs(run.rows, archive.intact());
}

TEST(DamageTest, AnUndamagedArchiveComesOutWholeInEveryConfiguration) {
  const DamagedArchive archive(oracle::SampleBlobs(66, 1));
  ASSERT_THAT(archive.intact(), testing::SizeIs(66));
  for (size_t which = 0; which < Configurations().size(); ++which) {
    Check(archive, which);
    if (HasFatalFailure()) return;
  }
}

TEST(DamageTest, AnArchiveMayEndAnywhere) {
  const DamagedArchive whole(oracle::SampleBlobs(11, 4));
  Random random(5);
  for (size_t size = 0; size < whole.bytes().size();
       size += 1 + random.Below(6)) {
    SCOPED_TRACE(testing::Message() << "cut to " << size);
    DamagedArchive archive = whole;
    archive.Replace(size, archive.bytes().size(), "");
    Check(archive, random.Below(12));
    if (HasFatalFailure()) return;
  }
}

TEST(DamageTest, AnArchiveMayBeginAnywhere) {
  const DamagedArchive whole(oracle::SampleBlobs(11, 6));
  Random random(7);
  for (size_t from = 1; from < whole.bytes().size();
       from += 1 + random.Below(6)) {
    SCOPED_TRACE(testing::Message() << "from " << from);
    DamagedArchive archive = whole;
    archive.Replace(0, from, "");
    Check(archive, random.Below(12));
    if (HasFatalFailure()) return;
  }
}

TEST(DamageTest, AnyOneDamageLeavesTheOthersWhole) {
  for (uint64_t seed = 0; seed < RoundsOf(2000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    DamagedArchive archive(
        oracle::SampleBlobs(8 + random.Below(20), seed % 50));
    archive.Damage(&random);
    Check(archive, seed);
    if (HasFatalFailure()) return;
  }
}

TEST(DamageTest, SeveralDamagesAtOnceLeaveTheOthersWhole) {
  for (uint64_t seed = 0; seed < RoundsOf(1500); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed + 100000);
    DamagedArchive archive(
        oracle::SampleBlobs(10 + random.Below(30), seed % 50));
    const size_t times = 2 + random.Below(7);
    for (size_t i = 0; i < times; ++i) archive.Damage(&random);
    Check(archive, seed);
    if (HasFatalFailure()) return;
  }
}

TEST(DamageTest, EveryConfigurationFindsTheSameInBadlyDamagedArchives) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed + 200000);
    DamagedArchive archive(oracle::SampleBlobs(44, seed));
    for (int i = 0; i < 20; ++i) archive.Damage(&random);
    for (size_t which = 0; which < Configurations().size(); ++which) {
      Check(archive, which);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace thresh
