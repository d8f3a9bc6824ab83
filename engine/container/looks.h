// What a file looks like that is no archive. A few bytes prove nothing: these
// are guesses for the words of a refusal, and asked when no container was
// recognised.
#ifndef THRESH_CONTAINER_LOOKS_H_
#define THRESH_CONTAINER_LOOKS_H_

#include <string_view>

namespace thresh {

// Of the first bytes as they are.
bool IsUtf16Le(std::string_view head);
bool IsUtf16Be(std::string_view head);
bool IsUtf32Le(std::string_view head);
bool IsUtf32Be(std::string_view head);
bool IsZlib(std::string_view head);
// Begins as gzip does, with a header that is right in every field.
bool IsGzip(std::string_view head);
bool IsZip(std::string_view head);

// Of those behind a byte order mark and white space.
bool IsDestroyed(std::string_view text);
bool IsDestroyedBase64(std::string_view text);
bool IsPythonDict(std::string_view text);
bool IsPythonBytes(std::string_view text);
bool IsJson(std::string_view text);
bool IsAwsTable(std::string_view text);
bool IsAwsText(std::string_view text);
bool IsAwsYaml(std::string_view text);
bool IsAwsTextOfData(std::string_view text);
bool IsYamlList(std::string_view text);
bool IsDataUrl(std::string_view text);
bool IsNodeBuffer(std::string_view text);
bool IsJsonStrings(std::string_view text);
// Lines of JSON with records, each after what a logger writes before it.
bool IsLoggedJson(std::string_view text);

// Whether there is JSON in `head`, behind other bytes, or white space alone.
bool MayHoldJson(std::string_view head);

}  // namespace thresh

#endif  // THRESH_CONTAINER_LOOKS_H_
