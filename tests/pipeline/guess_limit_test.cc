// How often windows are framed by guesses.
#include "pipeline/guess_limit.h"

#include <gtest/gtest.h>

namespace thresh {
namespace {

// The windows until the next that may be framed by guesses.
int Pause(GuessLimit* limit) {
  int pause = 0;
  while (!limit->Allows()) ++pause;
  return pause;
}

TEST(GuessLimitTest, AllowsAllWhileNoneIsWrong) {
  GuessLimit limit;
  EXPECT_EQ(Pause(&limit), 0);
  limit.Held();
  EXPECT_EQ(Pause(&limit), 0);
}

TEST(GuessLimitTest, AllowsFewerTheMoreAreWrong) {
  GuessLimit limit;
  for (const int pause : {1, 3, 7, 15, 31, 63, 127, 127}) {
    limit.WasWrong();
    EXPECT_EQ(Pause(&limit), pause);
  }
}

TEST(GuessLimitTest, AllowsMoreAgainOnceTheyHold) {
  GuessLimit limit;
  for (int i = 0; i < 5; ++i) limit.WasWrong();
  EXPECT_EQ(Pause(&limit), 31);
  for (int i = 0; i < 20; ++i) limit.Held();
  limit.WasWrong();
  EXPECT_EQ(Pause(&limit), 23);
  for (int i = 0; i < 30; ++i) limit.Held();
  limit.WasWrong();
  EXPECT_EQ(Pause(&limit), 1);
}

}  // namespace
}  // namespace thresh
