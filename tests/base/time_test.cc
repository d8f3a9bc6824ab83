// Times, in the formats of services and people, to the microsecond.
#include "base/time.h"

#include <gtest/gtest.h>

#include <string>

namespace thresh {
namespace {

TEST(TimeTest, SecondsAreReadToTheMicrosecond) {
  EXPECT_EQ(ParseEpoch("0"), 0);
  EXPECT_EQ(ParseEpoch("1607497475.000"), 1607497475000000);
  EXPECT_EQ(ParseEpoch("1607497475.123456"), 1607497475123456);
  EXPECT_EQ(ParseEpoch("1607497475.1234569"), 1607497475123456);
  EXPECT_EQ(ParseEpoch("1.607497475123456E9"), 1607497475123456);
  EXPECT_EQ(ParseEpoch("16074974751234.56e-4"), 1607497475123456);
  EXPECT_EQ(ParseEpoch("1.6e+9"), 1600000000000000);
  EXPECT_EQ(ParseEpoch("-1.5"), -1500000);
  EXPECT_EQ(ParseEpoch("99999999999.999999"), 99999999999999999);
}

TEST(TimeTest, LargeNumbersAreMilliseconds) {
  EXPECT_EQ(ParseEpoch("100000000000"), 100000000000000);
  EXPECT_EQ(ParseEpoch("1750000000123"), 1750000000123000);
  EXPECT_EQ(ParseEpoch("1750000000123.4567"), 1750000000123456);
  EXPECT_EQ(ParseEpoch("-1750000000123"), -1750000000123000);
}

TEST(TimeTest, NumbersThatAreNoTimesAreNull) {
  for (const std::string& number :
       {std::string("1e30"), std::string("1e99999999999"),
        std::string(500, '1'), std::string("1e400"), std::string("9e18"),
        std::string("x"), std::string("1x")}) {
    EXPECT_EQ(ParseEpoch(number), std::nullopt) << number;
  }
  // The largest accepted value, and the first that is not: 10^18 microseconds.
  EXPECT_EQ(ParseEpoch("999999999999999.999"), 999999999999999999);
  EXPECT_EQ(ParseEpoch("1000000000000000"), std::nullopt);
  EXPECT_EQ(ParseEpoch("9999999999999999"), std::nullopt);
  EXPECT_EQ(ParseEpoch("1e-300"), 0);
  EXPECT_EQ(ParseEpoch("0." + std::string(500, '0')), 0);
}

// RFC 8259, section 6.
TEST(TimeTest, NumbersAreWrittenAsInJson) {
  for (const char* number :
       {"",      "-",     "--1",   "+1",    ".5",    "-.5",  "5.",
        "5.e3",  "05",    "-05",   "00",    "00.5",  "1e",   "1e+",
        "1e-",   "1e+-5", "1e-+5", "1e--5", "1e++5", "1e 5", "1e5.",
        "1.2.3", " 1",    "1 ",    "0x10",  "1_000", "inf",  "nan"}) {
    EXPECT_EQ(ParseEpoch(number), std::nullopt) << number;
  }
  EXPECT_EQ(ParseEpoch("0.5"), 500000);
  EXPECT_EQ(ParseEpoch("-0"), 0);
  EXPECT_EQ(ParseEpoch("0e5"), 0);
  EXPECT_EQ(ParseEpoch("5e-05"), 50);
  EXPECT_EQ(ParseEpoch("5E+05"), 500000000000);
}

TEST(TimeTest, IsoTimesHaveAZone) {
  EXPECT_EQ(ParseIsoTime("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(ParseIsoTime("2025-06-15T15:06:40.123+00:00"), 1750000000123000);
  EXPECT_EQ(ParseIsoTime("2025-06-15 17:06:40.1234567+0200"), 1750000000123456);
  EXPECT_EQ(ParseIsoTime("2025-06-15T09:36:40.000001-05:30"), 1750000000000001);
  EXPECT_EQ(ParseIsoTime("2025-06-15T16:06:40+01"), 1750000000000000);
  EXPECT_EQ(ParseIsoTime("1969-12-31T23:59:59.5Z"), -500000);
  EXPECT_EQ(ParseIsoTime("2024-02-29T00:00:00Z"), 1709164800000000);
  for (const char* text :
       {"", "2025", "2025-06-15", "2025-06-15T15:06:40", "2025-06-15T15:06Z",
        "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-06-15T24:00:00Z",
        "2025-06-15T00:60:00Z", "2025-06-15T00:00:60Z", "2025-06-15T00:00:00.Z",
        "2025-06-15T00:00:00+1",
        "2025-06-15T00:00:00+01:", "25-06-15T00:00:00Z",
        "2025-06-15T00:00:00Z ", "2025-06-15T00:00:00+24:00",
        "2025-06-15t00:00:00Z", "+025-06-15T00:00:00Z"}) {
    EXPECT_EQ(ParseIsoTime(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace thresh
