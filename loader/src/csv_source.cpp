#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>
#include <utility>

#include <arrow/buffer.h>
#include <arrow/csv/chunker.h>
#include <arrow/csv/options.h>
#include <arrow/csv/parser.h>

#include "error.hpp"
#include "record_splitter.hpp"
#include "source.hpp"

namespace quintile::loader {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

arrow::csv::ParseOptions parse_options(char delimiter) {
  arrow::csv::ParseOptions options = arrow::csv::ParseOptions::Defaults();
  options.delimiter = delimiter;
  options.newlines_in_values = true;
  return options;
}

std::string_view view_of(const arrow::Buffer& buffer) { return std::string_view(buffer); }

// Whole records of a CSV file.
class CsvJob final : public Job {
 public:
  CsvJob(std::shared_ptr<arrow::Buffer> text, char delimiter, std::int32_t column_count,
         std::vector<std::size_t> selected, std::string path)
      : text_(std::move(text)),
        options_(parse_options(delimiter)),
        column_count_(column_count),
        selected_(std::move(selected)),
        path_(std::move(path)) {}

  void read(const std::function<void(const Slice&)>& take) override {
    std::string_view rest = view_of(*text_);
    RecordSplitter splitter(options_.delimiter, static_cast<std::size_t>(column_count_), selected_);
    std::uint64_t first_record = 0;
    Slice slice;
    while (!rest.empty()) {
      slice.first_record = first_record;
      std::optional<std::size_t> used = splitter.split(rest, slice);
      std::optional<arrow::csv::BlockParser> parser;
      if (!used) {
        used = parse(rest, parser, slice);
      }
      rest.remove_prefix(*used);
      first_record += slice.records();
      take(slice);
    }
  }

 private:
  // What the splitter gives up on. `parser` holds what the cells of the slice lead to.
  std::size_t parse(std::string_view text, std::optional<arrow::csv::BlockParser>& parser,
                    Slice& slice) {
    const std::uint64_t first_record = slice.first_record;
    slice = Slice();
    slice.first_record = first_record;
    options_.invalid_row_handler = [&slice](const arrow::csv::InvalidRow& row) {
      slice.malformed.push_back({static_cast<std::uint64_t>(row.number), Reason::kColumnCount,
                                 std::to_string(row.actual_columns) + " fields, expected " +
                                     std::to_string(row.expected_columns)});
      return arrow::csv::InvalidRowResult::Skip;
    };
    parser.emplace(options_, column_count_, static_cast<std::int64_t>(first_record),
                   static_cast<std::int32_t>(kMaxRows));
    std::uint32_t used = 0;
    check(parser->Parse(text, &used), path_);
    if (used == 0) {
      fail_data(path_ + ": record " + std::string(kRecordMark) + " cannot be parsed");
    }
    slice.rows = static_cast<std::size_t>(parser->num_rows());
    for (const std::size_t column : selected_) {
      slice.columns.push_back(read_column(*parser, static_cast<std::int32_t>(column)));
    }
    return used;
  }

  Column read_column(const arrow::csv::BlockParser& parser, std::int32_t index) const {
    Column column;
    column.kind = CellKind::kText;
    column.texts.reserve(static_cast<std::size_t>(parser.num_rows()));
    const auto visit = [&column](const std::uint8_t* bytes, std::uint32_t size, bool, bool) {
      column.texts.emplace_back(reinterpret_cast<const char*>(bytes), size);
      return arrow::Status::OK();
    };
    check(parser.VisitColumn(index, visit), path_);
    return column;
  }

  std::shared_ptr<arrow::Buffer> text_;
  arrow::csv::ParseOptions options_;
  std::int32_t column_count_;
  std::vector<std::size_t> selected_;
  std::string path_;
};

// Reads blocks and cuts them where a record ends. The cut is made by the parser's own lexer and
// never between \r and \n, so that quoted line ends stay as they are wherever the blocks happen to
// end.
class CsvSource final : public Source {
 public:
  CsvSource(const OpenedFile& opened, char delimiter, std::int64_t block_bytes)
      : opened_(opened),
        text_(open_text(opened)),
        delimiter_(delimiter),
        block_bytes_(block_bytes),
        chunker_(arrow::csv::MakeChunker(parse_options(delimiter))) {
    read_header();
  }

  [[nodiscard]] const std::vector<ColumnInfo>& columns() const override { return columns_; }
  void select(const std::vector<std::size_t>& columns) override { selected_ = columns; }

  [[nodiscard]] std::int64_t bytes_read() const override { return opened_.position(); }

  std::unique_ptr<Job> next() override {
    if (open_quote_) {
      refuse_cut_record();
    }
    while (carry_ != nullptr || !at_end_) {
      const std::shared_ptr<arrow::Buffer> block = with_next_block();
      const std::shared_ptr<arrow::Buffer> whole = cut_whole_records(block);
      if (whole != nullptr) {
        return std::make_unique<CsvJob>(
            whole, delimiter_, static_cast<std::int32_t>(columns_.size()), selected_, opened_.path);
      }
    }
    return nullptr;
  }

 private:
  // What is carried over and the next block in one buffer; at the end of the file with a line end.
  std::shared_ptr<arrow::Buffer> with_next_block() {
    const std::int64_t carried = carry_ == nullptr ? 0 : carry_->size();
    constexpr std::int64_t kRoomForLineEnds = 2;
    const std::shared_ptr<arrow::ResizableBuffer> buffer =
        buffer_of(carried + block_bytes_ + kRoomForLineEnds);
    std::uint8_t* const bytes = buffer->mutable_data();
    if (carried > 0) {
      std::memcpy(bytes, carry_->data(), static_cast<std::size_t>(carried));
    }
    carry_ = nullptr;
    std::int64_t size = carried;
    while (!at_end_ && size < carried + block_bytes_) {
      const std::int64_t read =
          take_contents(text_->Read(carried + block_bytes_ - size, bytes + size), opened_.path);
      at_end_ = read == 0;
      size += read;
    }
    if (!at_end_ && bytes[size - 1] == '\r') {
      const std::int64_t read = take_contents(text_->Read(1, bytes + size), opened_.path);
      at_end_ = read == 0;
      size += read;
    }
    if (at_end_ && size > 0 && bytes[size - 1] != '\n' && bytes[size - 1] != '\r') {
      bytes[size++] = '\n';
    }
    check(buffer->Resize(size, /*shrink_to_fit=*/false), opened_.path);
    return buffer;
  }

  // Memory for a block: that of an earlier one if all its jobs are done, since memory that is fresh
  // from the system costs as much as reading the file.
  std::shared_ptr<arrow::ResizableBuffer> buffer_of(std::int64_t bytes) {
    constexpr std::int64_t kStepBytes = 65'536;  // carried parts differ a little
    const std::int64_t wanted = (bytes + kStepBytes - 1) / kStepBytes * kStepBytes;
    auto free = std::find_if(buffers_.begin(), buffers_.end(),
                             [](const auto& buffer) { return buffer.use_count() == 1; });
    std::atomic_thread_fence(std::memory_order_acquire);  // whoever used it has let go of it
    if (free == buffers_.end()) {
      free = buffers_.emplace(buffers_.end());
    }
    if (*free == nullptr || (*free)->capacity() < bytes) {
      *free = take(arrow::AllocateResizableBuffer(wanted), opened_.path);
    }
    return *free;
  }

  // Split `block` after its last whole record; the rest is carried over. Null: there is none yet.
  std::shared_ptr<arrow::Buffer> cut_whole_records(const std::shared_ptr<arrow::Buffer>& block) {
    std::shared_ptr<arrow::Buffer> whole;
    const std::string_view text = view_of(*block);
    if (text.empty()) {
      return nullptr;
    }
    if (std::memchr(text.data(), '"', text.size()) == nullptr) {
      const std::size_t line_end = text.find_last_of("\r\n");
      const std::size_t end = line_end == std::string_view::npos ? 0 : line_end + 1;
      whole = arrow::SliceBuffer(block, 0, static_cast<std::int64_t>(end));
      carry_ = arrow::SliceBuffer(block, static_cast<std::int64_t>(end));
    } else {
      check(chunker_->Process(block, &whole, &carry_), opened_.path);
    }
    if (carry_ != nullptr && carry_->size() == 0) {
      carry_ = nullptr;
    }
    if (carry_ != nullptr && at_end_) {
      open_quote_ = true;  // told once the whole records before it have been handed out
      carry_ = nullptr;
    }
    if (whole == nullptr || whole->size() == 0) {
      refuse_cut_record();
    }
    return whole;
  }

  [[noreturn]] void refuse_cut_record() const {
    const std::string record = ": record " + std::string(kRecordMark);
    if (open_quote_) {
      fail_data(opened_.path + record + " opens a quote that is never closed");
    }
    fail_data(opened_.path + record + " is longer than the limit of " +
              std::to_string(block_bytes_) + " bytes; is a quote open in it?");
  }

  void read_header() {
    std::shared_ptr<arrow::Buffer> block = with_next_block();
    if (block->size() == 0) {
      fail_data(opened_.path + ": is empty, expected at least a header");
    }
    if (view_of(*block).substr(0, kByteOrderMark.size()) == kByteOrderMark) {
      block = arrow::SliceBuffer(block, static_cast<std::int64_t>(kByteOrderMark.size()));
    }
    arrow::csv::BlockParser parser(parse_options(delimiter_), -1, -1, 1);
    std::uint32_t used = 0;
    // Without a whole line there is nothing to count the columns of, which the parser calls an
    // error.
    const arrow::Status status = parser.Parse(view_of(*block), &used);
    if (!status.ok() || parser.num_rows() == 0) {
      if (at_end_) {
        fail_data(opened_.path + ": has no complete header");
      }
      fail_data(opened_.path + ": the header is longer than the limit of " +
                std::to_string(block_bytes_) + " bytes");
    }
    const auto visit = [this](const std::uint8_t* bytes, std::uint32_t size, bool, bool) {
      columns_.push_back(
          {std::string(reinterpret_cast<const char*>(bytes), size), CellKind::kText, ""});
      return arrow::Status::OK();
    };
    check(parser.VisitLastRow(visit), opened_.path);
    carry_ = arrow::SliceBuffer(block, used);
    carry_ = carry_->size() == 0 ? nullptr : carry_;
  }

  OpenedFile opened_;
  std::shared_ptr<arrow::io::InputStream> text_;
  char delimiter_;
  std::int64_t block_bytes_;
  std::unique_ptr<arrow::Chunker> chunker_;
  std::vector<ColumnInfo> columns_;
  std::vector<std::size_t> selected_;
  std::vector<std::shared_ptr<arrow::ResizableBuffer>> buffers_;
  std::shared_ptr<arrow::Buffer> carry_;  // the start of a record, or of the first block
  bool at_end_ = false;
  bool open_quote_ = false;
};

}  // namespace

std::unique_ptr<Source> open_csv(const OpenedFile& opened, char delimiter,
                                 std::int64_t block_bytes) {
  return std::make_unique<CsvSource>(opened, delimiter, block_bytes);
}

}  // namespace quintile::loader
