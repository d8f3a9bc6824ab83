// See aggregate.h. Archives are read by the pipeline of Deaggregate, with
// AggregateSink as its sink; lines are parsed to the same batches for the same
// sink.
#include "thresh/aggregate.h"

#include <new>
#include <string>
#include <utility>

#include "aggregate/aggregate_sink.h"
#include "aggregate/blob_packer.h"
#include "aggregate/line_parser.h"
#include "aggregate/text_run.h"
#include "base/errors.h"
#include "filter/record_filter.h"
#include "pipeline/check_options.h"
#include "pipeline/window_errors.h"
#include "thresh/kinesis_keys.h"

namespace thresh {
namespace {

tl::unexpected<Error> Senseless(std::string message, std::string remedy) {
  return tl::unexpected(InvalidArgument(std::move(message), std::move(remedy)));
}

Result<void> CheckValues(const AggregateOptions& options) {
  Result<void> known =
      CheckEnum("input", options.input, AggregateInput::kLines);
  if (known) {
    known =
        CheckEnum("data_encoding", options.data_encoding, DataEncoding::kJson);
  }
  if (known && options.on_unsendable) {
    known = CheckEnum("on_unsendable", *options.on_unsendable,
                      OnUnsendable::kDropHashKey);
  }
  return known;
}

Result<void> CheckKey(const std::optional<std::string>& key) {
  return key ? CheckPartitionKey(*key) : Result<void>();
}

// Whether the filter has any condition. Lines are not filtered.
Result<bool> HasConditions(const Filter& filter) {
  return RecordFilter::Compile(filter).map([&](const RecordFilter& compiled) {
    return compiled.asks_for_metadata() || compiled.asks_for_rows() ||
           filter.dedupe != Dedupe::kNone || filter.limit ||
           filter.kinesis_record_limit;
  });
}

// The parser for the lines of the inputs; null for archives.
Result<std::unique_ptr<LineParser>> ParserOf(const AggregateOptions& options) {
  switch (options.input) {
    case AggregateInput::kArchives:
      break;
    case AggregateInput::kNdjson:
      return NewNdjsonParser(options.data_encoding);
    case AggregateInput::kLines:
      return options.key ? NewFixedKeyParser(*options.key)
                         : NewKeyPointerParser(*options.key_pointer);
  }
  return nullptr;
}

Result<Report> ReadInputs(const InputList& inputs,
                          const AggregateOptions& options,
                          const LineParser* parser, Sink* sink,
                          Sink* quarantine) {
  Options reading = options.reading;
  reading.content_checksum = false;
  reading.content_digest = false;
  if (parser == nullptr) return Deaggregate(inputs, reading, sink, quarantine);
  const TextRun run = {.inputs = inputs,
                       .options = std::move(reading),
                       .keys_needed = !options.default_key,
                       .on_line_problem = options.on_line_problem};
  return ReadText(run, *parser, sink, quarantine);
}

Result<AggregateReport> RunPacking(const InputList& inputs,
                                   const AggregateOptions& options,
                                   std::unique_ptr<RecordWriter> writer,
                                   ByteOutput* output, Sink* quarantine) {
  const Result<std::unique_ptr<LineParser>> parser = ParserOf(options);
  if (!parser) return tl::unexpected(parser.error());
  const PlainSupport plain = writer->plain();
  if (options.large_plain && !plain.data) {
    return Senseless(
        "records that do not fit into a blob are to be written unaggregated, "
        "which this container cannot hold",
        "write another container than blobs");
  }
  const Result<std::unique_ptr<BlobPacker>> packer =
      BlobPacker::Create(options.limits, options.shards, std::move(writer),
                         output, options.reading.jobs != 1);
  if (!packer) return tl::unexpected(packer.error());
  AggregateSink sink({.inputs = inputs,
                      .default_key = options.default_key,
                      .limits = options.limits,
                      .large_plain = options.large_plain,
                      .plain = plain,
                      .on_unsendable = options.on_unsendable,
                      .too_large_remedy = options.too_large_remedy,
                      .content = {.checksum = options.reading.content_checksum,
                                  .digest = options.reading.content_digest}},
                     packer->get());
  Result<Report> read =
      ReadInputs(inputs, options, parser->get(), &sink, quarantine);
  if (!read) return tl::unexpected(std::move(read.error()));
  read->summary.content_checksum = sink.content_checksum();
  read->summary.content_digest = sink.content_digest();
  return AggregateReport{.read = *std::move(read),
                         .packed = (*packer)->packed(),
                         .lost_keys = sink.lost_keys(),
                         .unsendable = sink.unsendable()};
}

}  // namespace

Result<void> CheckAggregateOptions(const AggregateOptions& options) {
  if (Result<void> ok = CheckValues(options); !ok) return ok;
  const bool lines = options.input == AggregateInput::kLines;
  if (lines && options.key.has_value() == options.key_pointer.has_value()) {
    return Senseless(
        "lines without a partition key, or with two",
        "give one key for all lines, or the pointer to it in each line");
  }
  if (!lines && (options.key || options.key_pointer)) {
    return Senseless("a partition key for lines, and the inputs are not lines",
                     "omit the key and the pointer");
  }
  if (options.input != AggregateInput::kArchives) {
    const Result<bool> filtered = HasConditions(options.reading.filter);
    if (!filtered) return tl::unexpected(filtered.error());
    if (*filtered) {
      return Senseless("conditions on records, which are for archives",
                       "omit the filter");
    }
  }
  if (Result<void> ok = CheckKey(options.key); !ok) return ok;
  if (Result<void> ok = CheckKey(options.default_key); !ok) return ok;
  if (Result<void> ok = CheckAggregatorOptions(options.limits); !ok) return ok;
  return ParserOf(options).map([](const auto&) {});
}

Result<AggregateReport> Aggregate(const InputList& inputs,
                                  const AggregateOptions& options,
                                  ByteOutput* output, Sink* quarantine) {
  Result<std::unique_ptr<RecordWriter>> writer =
      NewRecordWriter(options.format, options.source);
  if (!writer) return tl::unexpected(std::move(writer.error()));
  return Aggregate(inputs, options, *std::move(writer), output, quarantine);
}

Result<AggregateReport> Aggregate(const InputList& inputs,
                                  const AggregateOptions& options,
                                  std::unique_ptr<RecordWriter> writer,
                                  ByteOutput* output, Sink* quarantine) {
  if (Result<void> ok = CheckAggregateOptions(options); !ok) {
    return tl::unexpected(std::move(ok.error()));
  }
  if (output == nullptr) return Senseless("no output", "give one");
  Result<void> ok = CheckQuarantine(options.reading, quarantine);
  if (ok) ok = CheckOptions(options.reading);
  if (!ok) return tl::unexpected(std::move(ok.error()));
  if (writer == nullptr) {
    return Senseless("no writer", "give one, or name a container");
  }
  try {
    return RunPacking(inputs, options, std::move(writer), output, quarantine);
  } catch (const std::bad_alloc& thrown) {
    return tl::unexpected(NoMemoryLeft(thrown, inputs));
  }
}

}  // namespace thresh
