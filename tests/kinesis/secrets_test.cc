// The form of a service's texts that is shown: without any of the credentials
// that sign requests.
#include "kinesis/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "kinesis/curl_transport.h"
#include "kinesis/fakes.h"
#include "kinesis/service.h"
#include "sanitized.h"

namespace thresh::kinesis {
namespace {

using testing::HasSubstr;
using testing::Not;

Credentials TestCredentials() {
  return {.access_key_id = "AKIDEXAMPLE0123456789",
          .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
          .session_token = std::string(400, 'T') + "/tail+of+it=="};
}

TEST(Secrets, TextsStayAsTheyAre) {
  const Secrets secrets(TestCredentials());
  for (const char* text :
       {"", "Rate exceeded for shard shardId-000000000001", "caf\u00e9",
        "The security token included in the request is invalid.",
        "Credential should be scoped to a valid region, not 'us-east-1'.",
        "49590338271490256608559692538361571095921575989136588898"}) {
    EXPECT_EQ(secrets.Shown(text), text);
  }
}

TEST(Secrets, OwnCredentialsAreNotShown) {
  const Credentials credentials = TestCredentials();
  const Secrets secrets(credentials);
  for (const std::string& secret :
       {credentials.access_key_id, credentials.secret_access_key,
        credentials.session_token}) {
    EXPECT_EQ(secrets.Shown("a " + secret + " z"), "a [redacted] z");
    EXPECT_EQ(secrets.Shown(secret + secret), "[redacted]");
    // Parts of secrets, as in a text that is cut off.
    for (size_t size = 12; size <= secret.size(); size += kRoundStep) {
      const std::string front = secret.substr(0, size);
      const std::string back = secret.substr(secret.size() - size);
      EXPECT_EQ(secrets.Shown("<" + front), "<[redacted]") << size;
      EXPECT_EQ(secrets.Shown(back + ">"), "[redacted]>") << size;
    }
  }
}

TEST(Secrets, ShortOnesAreNoSecrets) {
  const Secrets emulator({.access_key_id = "test",
                          .secret_access_key = "none",
                          .session_token = {}});
  EXPECT_EQ(emulator.Shown("none of the tests"), "none of the tests");
  const Secrets eight({.access_key_id = "test",
                       .secret_access_key = "password",
                       .session_token = {}});
  EXPECT_EQ(eight.Shown("passwords, password"), "[redacted]s, [redacted]");
}

TEST(Secrets, WhatLooksLikeCredentialsIsNotShown) {
  const Secrets none;
  EXPECT_EQ(none.Shown("Authorization: AWS4-HMAC-SHA256 Credential=x/y, "
                       "Signature=abc\nHost: h"),
            R"(Authorization: [redacted]\nHost: h)");
  EXPECT_EQ(
      none.Shown("Credential=AKID/2025, SignedHeaders=host, Signature=5d"),
      "Credential=[redacted], SignedHeaders=host, Signature=[redacted]");
  EXPECT_EQ(none.Shown("x-amz-security-token:IQoJb3Jp\nx-amz-target:t"),
            R"(x-amz-security-token:[redacted]\nx-amz-target:t)");
  EXPECT_EQ(
      none.Shown(R"({"SecretAccessKey": "abc", "SessionToken":"d"})"),
      R"({"SecretAccessKey": "[redacted]", "SessionToken":"[redacted]"})");
  EXPECT_EQ(none.Shown("?X-Amz-Signature=ab12&X-Amz-Date=1"),
            "?X-Amz-Signature=[redacted]&X-Amz-Date=1");
  EXPECT_EQ(none.Shown("key AKIAIOSFODNN7EXAMPLE."), "key [redacted].");
  EXPECT_EQ(none.Shown("string to sign: " + std::string(64, 'e')),
            "string to sign: [redacted]");
}

TEST(Secrets, WhatIsShownIsBoundedAndReadable) {
  const Secrets secrets(TestCredentials());
  EXPECT_EQ(secrets.Shown(std::string(1000, 'x')), std::string(1000, 'x'));
  EXPECT_EQ(secrets.Shown(std::string(1001, 'x')),
            std::string(1000, 'x') + "...");
  EXPECT_EQ(secrets.Shown(std::string(100'000'000, 'x')).size(), 1003U);
  EXPECT_EQ(secrets.Shown(std::string(999, 'x') + "\u00e9"),
            std::string(999, 'x') + "...");
  EXPECT_EQ(secrets.Shown("\x1b[31m\u202e"), R"(\x1b[31m\xe2\x80\xae)");
  // A secret across the position where the text is cut.
  const std::string cut = secrets.Shown(std::string(990, ' ') +
                                        TestCredentials().secret_access_key);
  EXPECT_THAT(cut, Not(HasSubstr("wJalr")));
}

// As from a malicious endpoint: in errors of requests and of records, in a
// shard's name.
TEST(Secrets, AServiceCannotHaveThemShown) {
  const Credentials credentials = TestCredentials();
  const std::string all = credentials.access_key_id + " " +
                          credentials.secret_access_key + " " +
                          credentials.session_token + "\x1b[31m";
  const auto expect_safe = [&](const std::string& text) {
    EXPECT_THAT(text, HasSubstr("[redacted]"));
    EXPECT_THAT(text, Not(HasSubstr("wJalr")));
    EXPECT_THAT(text, Not(HasSubstr("AKIDE")));
    EXPECT_THAT(text, Not(HasSubstr("TTTT")));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  };
  FakeService service{Secrets(credentials)};
  ServicePutter putter(&service);
  const nlohmann::json error = {{"__type", all}, {"message", all}};
  service.replies = {HttpReply{400, error.dump()}};
  const PutOutcome failed = putter.Put("{}", 1);
  ASSERT_TRUE(failed.failure);
  expect_safe(failed.failure->ToString());

  const nlohmann::json records = {
      {"Records",
       {{{"ErrorCode", all}, {"ErrorMessage", all}, {"ShardId", all}}}}};
  service.replies = {HttpReply{200, records.dump()}};
  const PutOutcome refused = putter.Put("{}", 1);
  ASSERT_EQ(refused.records.size(), 1U);
  expect_safe(refused.records[0].error_code);
  expect_safe(refused.records[0].message);
  expect_safe(refused.records[0].shard);

  const nlohmann::json shards = {
      {"Shards",
       {{{"ShardId", all},
         {"HashKeyRange",
          {{"StartingHashKey", all}, {"EndingHashKey", all}}}}}}};
  FakeClock clock;
  Backoff backoff(1);
  const Patience patience{
      .attempts = 1, .backoff = &backoff, .clock = &clock, .failed = {}};
  service.replies = {HttpReply{200, shards.dump()},
                     HttpReply{403, error.dump()}};
  const auto listed = ListShards(TestStream(), patience, &service).value();
  ASSERT_EQ(listed.size(), 1U);
  expect_safe(listed[0].id);
  expect_safe(listed[0].first_hash_key);
  expect_safe(listed[0].last_hash_key);
  expect_safe(ListShards(TestStream(), patience, &service).error().ToString());
}

TEST(CurlTransport, WithoutEncryptionOnlyToThisMachine) {
  const auto error_of = [](const std::string& url, bool allow_http) {
    const auto transport = OpenCurlTransport({.url = url,
                                              .region = "r",
                                              .authorities = {},
                                              .allow_http = allow_http},
                                             TestCredentials());
    return transport ? std::string() : transport.error().remedy;
  };
  for (const char* url :
       {"https://example.com", "http://localhost", "http://LOCALHOST:4567/",
        "http://127.0.0.1", "http://127.1.2.3:80", "http://[::1]:4567"}) {
    EXPECT_EQ(error_of(url, false), "") << url;
  }
  for (const char* url :
       {"http://example.com", "http://localhost.example.com:80",
        "http://127.0.0.1.example.com", "http://127.example.com",
        "http://127.0.0.example", "http://[::2]", "http://10.0.0.1",
        "http://[::1]x", "http://localhost:80:1"}) {
    EXPECT_THAT(error_of(url, false), HasSubstr("--allow-http")) << url;
    EXPECT_EQ(error_of(url, true), "") << url;
  }
}

}  // namespace
}  // namespace thresh::kinesis
