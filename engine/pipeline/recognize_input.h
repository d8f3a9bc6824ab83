// Which container an opened input is.
#ifndef THRESH_PIPELINE_RECOGNIZE_INPUT_H_
#define THRESH_PIPELINE_RECOGNIZE_INPUT_H_

#include "container/container.h"
#include "input/segment.h"
#include "thresh/options.h"
#include "thresh/result.h"

namespace thresh {

// The container of `source`, of which nothing has been taken: `named`, or for
// kAuto the one that its first bytes show. Fails, without the file's name, if
// they show none, or another than `named`.
Result<const Container*> RecognizeInput(SegmentSource* source,
                                        ContainerKind named);

}  // namespace thresh

#endif  // THRESH_PIPELINE_RECOGNIZE_INPUT_H_
