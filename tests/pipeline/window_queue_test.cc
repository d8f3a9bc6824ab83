// Windows of a consumer that pauses: they are all taken, so that the thread
// that brings them does not wait.
#include "pipeline/window_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "pipeline/window.h"

namespace thresh {
namespace {

TEST(WindowQueueTest, TakesWhatIsInWorkFromAConsumerThatPauses) {
  constexpr size_t kInWork = 4;
  WindowQueue queue(kInWork);
  ASSERT_TRUE(queue.Push(std::make_unique<Window>()));
  EXPECT_FALSE(queue.paused());
  // Without a consumer each of these would wait for ever.
  for (size_t i = 1; i < kInWork; ++i) {
    ASSERT_TRUE(queue.Push(std::make_unique<Window>()));
    EXPECT_TRUE(queue.paused());
  }
  std::jthread consumer([&queue] {
    for (size_t i = 1; i < kInWork; ++i) {
      EXPECT_NE(queue.Pop().value(), nullptr);
    }
  });
  queue.AwaitConsumer();
  EXPECT_FALSE(queue.paused());
  consumer.join();
  EXPECT_NE(queue.Pop().value(), nullptr);
}

TEST(WindowQueueTest, AConsumerThatIsGoneIsNotAwaited) {
  WindowQueue queue(2);
  ASSERT_TRUE(queue.Push(std::make_unique<Window>()));
  ASSERT_TRUE(queue.Push(std::make_unique<Window>()));
  ASSERT_TRUE(queue.paused());
  queue.Close();
  queue.AwaitConsumer();
  EXPECT_FALSE(queue.Push(std::make_unique<Window>()));
}

}  // namespace
}  // namespace thresh
