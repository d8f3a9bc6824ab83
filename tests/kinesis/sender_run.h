// A sender and its dependencies, controlled by a test.
#ifndef THRESH_TESTS_KINESIS_SENDER_RUN_H_
#define THRESH_TESTS_KINESIS_SENDER_RUN_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kinesis/fakes.h"
#include "kinesis/sender.h"

namespace thresh::kinesis {

class SenderTest : public testing::Test {
 protected:
  Result<SendEnd> Run() { return Run(&source); }

  // Runs a sender over `records` with two shards.
  Result<SendEnd> Run(ListSource* records) {
    ServicePutter putter(&service);
    Sender sender(TestStream(), options, std::vector<Acknowledged>(2), records,
                  &putter, &clock);
    SendEvents events;
    events.acknowledged = [this](const std::vector<Acknowledged>& done) {
      saved.push_back(done);
      return saving;
    };
    events.failed = [this](const Error& why, Time pause) {
      EXPECT_GT(pause.count(), 0);
      failures.push_back(why.message);
    };
    Result<SendEnd> end = sender.Run(events);
    report = sender.report();
    done_ = sender.done();
    return end;
  }

  void ExpectAllSent() {
    const Result<SendEnd> end = Run();
    ASSERT_TRUE(end) << end.error().ToString();
    EXPECT_EQ(*end, SendEnd::kAllSent);
    EXPECT_EQ(report.waiting, 0U);
  }

  FakeClock clock;
  FakeService service;
  ListSource source;
  SendOptions options;
  SendReport report;
  Result<void> saving;
  std::vector<std::vector<Acknowledged>> saved;
  std::vector<Acknowledged> done_;
  std::vector<std::string> failures;  // that were reported
};

}  // namespace thresh::kinesis

#endif  // THRESH_TESTS_KINESIS_SENDER_RUN_H_
