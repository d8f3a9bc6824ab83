// Guesses of the format of a file that is not an archive. A few bytes prove
// nothing: they only select the message of a refusal, after no container was
// recognized.
#ifndef THRESH_CONTAINER_LOOKS_H_
#define THRESH_CONTAINER_LOOKS_H_

#include <string_view>

namespace thresh {

// For the first bytes of the file.
bool IsUtf16Le(std::string_view head);
bool IsUtf16Be(std::string_view head);
bool IsUtf32Le(std::string_view head);
bool IsUtf32Be(std::string_view head);
bool IsZlib(std::string_view head);
// Begins like gzip, with a header that is valid in every field.
bool IsGzip(std::string_view head);
bool IsZip(std::string_view head);

// For the bytes after a byte order mark and white space.
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
// Lines of JSON with records, each after a logger's prefix.
bool IsLoggedJson(std::string_view text);

// Whether there is JSON in `head` after other bytes, or only white space.
bool MayHoldJson(std::string_view head);

}  // namespace thresh

#endif  // THRESH_CONTAINER_LOOKS_H_
