#include "file_format.hpp"

#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <arrow/buffer.h>
#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/util/compression.h>

#include "error.hpp"
#include "pipe_stream.hpp"

namespace quintile::loader {
namespace {

constexpr std::int64_t kMagicBytes = 8;
constexpr std::string_view kGzip = "\x1F\x8B";
constexpr std::string_view kZstd = "\x28\xB5\x2F\xFD";
constexpr std::string_view kParquet = "PAR1";
constexpr std::string_view kParquetEncrypted = "PARE";
constexpr std::string_view kArrowFile = "ARROW1";
constexpr std::string_view kArrowStream = "\xFF\xFF\xFF\xFF";

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool begins_with(std::string_view text, std::string_view begin) {
  return text.substr(0, begin.size()) == begin;
}

void refuse_other_than_file(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    fail_data("no such file: " + path);
  }
  if (std::filesystem::is_directory(status)) {
    fail_data("is a folder, expected a file: " + path);
  }
  if (error) {
    fail_data("cannot open " + path + ": " + error.message());
  }
}

FileFormat format_of(std::string_view magic, const std::string& path) {
  if (begins_with(magic, kParquet)) {
    return FileFormat::kParquet;
  }
  if (begins_with(magic, kArrowFile)) {
    return FileFormat::kArrowFile;
  }
  if (begins_with(magic, kArrowStream)) {
    return FileFormat::kArrowStream;
  }
  if (begins_with(magic, kGzip)) {
    return FileFormat::kCsvGzip;
  }
  if (begins_with(magic, kZstd)) {
    return FileFormat::kCsvZstd;
  }
  if (begins_with(magic, kParquetEncrypted)) {
    fail_data(path + ": encrypted Parquet cannot be read");
  }
  if (begins_with(magic, "\xFF\xFE") || begins_with(magic, "\xFE\xFF")) {
    fail_data(path + ": is UTF-16 text, expected UTF-8");
  }
  struct Promise {
    std::string_view ending;
    std::string_view content;
  };
  for (const Promise& promise : {Promise{".gz", "gzip"}, Promise{".zst", "zstd"},
                                 Promise{".parquet", "Parquet"}, Promise{".arrow", "Arrow IPC"},
                                 Promise{".feather", "Arrow IPC"}, Promise{".ipc", "Arrow IPC"}}) {
    if (ends_with(path, promise.ending)) {
      fail_data(path + ": is not " + std::string(promise.content) + ", as its name says");
    }
  }
  return FileFormat::kCsv;
}

[[noreturn]] void refuse_empty(const std::string& path) {
  fail_data(path + ": is empty (0 bytes), expected at least a header");
}

OpenedFile open_pipe(const std::string& path) {
  const auto pipe = std::make_shared<PipeStream>(path);
  const std::string magic = pipe->head(kMagicBytes);
  if (magic.empty()) {
    refuse_empty(path);
  }
  OpenedFile opened;
  opened.path = path;
  opened.format = format_of(magic, path);
  opened.pipe = pipe;
  if (opened.format == FileFormat::kParquet || opened.format == FileFormat::kArrowFile) {
    const bool is_parquet = opened.format == FileFormat::kParquet;
    fail_data(path + ": is " + (is_parquet ? "Parquet" : "an Arrow file") +
              ", expected a file that can be read at any position, got a pipe; " +
              "write it to a file first");
  }
  return opened;
}

}  // namespace

std::int64_t OpenedFile::position() const {
  const arrow::Result<std::int64_t> found = file == nullptr ? pipe->Tell() : file->Tell();
  return found.ok() ? *found : 0;
}

OpenedFile open_file(const std::string& path) {
  refuse_other_than_file(path);
  if (is_pipe(path)) {
    return open_pipe(path);
  }
  OpenedFile opened;
  opened.path = path;
  opened.file = take(arrow::io::ReadableFile::Open(path), "cannot open " + path);
  opened.bytes = take(opened.file->GetSize(), path);
  if (opened.bytes == 0) {
    refuse_empty(path);
  }
  const std::shared_ptr<arrow::Buffer> magic = take(opened.file->ReadAt(0, kMagicBytes), path);
  opened.format = format_of(std::string_view(*magic), path);
  return opened;
}

std::shared_ptr<arrow::io::InputStream> open_text(const OpenedFile& opened) {
  std::shared_ptr<arrow::io::InputStream> bytes = opened.pipe;
  if (bytes == nullptr) {
    check(opened.file->Seek(0), opened.path);
    bytes = opened.file;
  }
  if (opened.format == FileFormat::kCsv) {
    return bytes;
  }
  const arrow::Compression::type kind =
      opened.format == FileFormat::kCsvGzip ? arrow::Compression::GZIP : arrow::Compression::ZSTD;
  const std::shared_ptr<arrow::util::Codec> codec =
      take(arrow::util::Codec::Create(kind), opened.path);
  return take(arrow::io::CompressedInputStream::Make(codec.get(), bytes), opened.path);
}

}  // namespace quintile::loader
