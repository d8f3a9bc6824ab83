// An archive's members as inputs, each as if it were a file, with its own
// layers of compression and its own container.
#ifndef THRESH_INPUT_ARCHIVE_H_
#define THRESH_INPUT_ARCHIVE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "compression/expansion_limits.h"
#include "input/archive_bytes.h"
#include "input/archive_format.h"
#include "input/segment.h"
#include "io/buffer_pool.h"
#include "storage/name_filter.h"
#include "thresh/input_list.h"
#include "thresh/result.h"

namespace thresh {

// The result for an archive after its last member.
struct ArchiveEnd {
  LeftOut left_out;
  uint64_t stored_bytes = 0;   // of all of it
  std::optional<Error> error;  // it could not be read to its end
};

class Archive {
 public:
  struct Member {
    std::string name;  // FILE!MEMBER
    // Opens it, once. Fails for a member that cannot be read: it is encrypted,
    // an archive itself, or has too many layers.
    std::function<Result<std::unique_ptr<SegmentSource>>()> open;
  };

  virtual ~Archive() = default;

  // The next member to be read; null at the end.
  virtual std::optional<Member> Next() = 0;

  // Whether members can be opened at any time, on any thread. If not, the one
  // that Next returned must be opened and its source destroyed before the next
  // call of Next.
  [[nodiscard]] virtual bool random_access() const = 0;

  // Once Next has returned none.
  [[nodiscard]] virtual ArchiveEnd end() const = 0;
};

// The source of an archive's bytes. `open` returns them from their start: once,
// or if `again` any number of times, on any thread.
struct ArchiveOrigin {
  std::string file;  // its name in errors
  std::function<std::unique_ptr<ArchiveBytes>()> open;
  bool again = false;
};

std::unique_ptr<Archive> NewArchive(const ArchiveFormat& format,
                                    ArchiveOrigin origin, NameFilter filter,
                                    const ExpansionLimits& limits,
                                    std::shared_ptr<BufferPool> pool);

}  // namespace thresh

#endif  // THRESH_INPUT_ARCHIVE_H_
