#include "record_splitter.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace quintile::loader {
namespace {

static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");

constexpr std::uint64_t kEveryByte = 0x0101010101010101U;
constexpr std::uint64_t kLowBits = 0x7F7F7F7F7F7F7F7FU;
constexpr std::size_t kWordBytes = sizeof(std::uint64_t);

// The high bit of each byte that is not zero, and rubbish below it.
constexpr std::uint64_t nonzero_bytes(std::uint64_t word) noexcept {
  return ((word & kLowBits) + kLowBits) | word;
}

}  // namespace

class RecordSplitter::Fields {
 public:
  Fields(std::string_view text, char delimiter)
      : text_(text),
        delimiter_(delimiter),
        delimiters_(kEveryByte * static_cast<unsigned char>(delimiter)),
        marks_(marks_at(0)) {}

  enum class Kind : std::uint8_t { kPlain, kQuoted, kDoubledQuotes, kStrange };

  // Read the field that begins at begin(). Afterwards end() is its delimiter or line end.
  Kind read() {
    if (text_[begin_] == '"') {
      return read_quoted();
    }
    while (marks_ == 0) {
      word_ += kWordBytes;
      marks_ = marks_at(word_);
    }
    end_ = word_ + static_cast<std::size_t>(std::countr_zero(marks_)) / 8;
    marks_ &= marks_ - 1;
    field_ = text_.substr(begin_, end_ - begin_);
    return Kind::kPlain;
  }

  [[nodiscard]] std::string_view field() const { return field_; }
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return end_; }
  [[nodiscard]] bool ends_record() const { return text_[end_] != delimiter_; }
  void go_on() { begin_ = end_ + 1; }

 private:
  Kind read_quoted() {
    Kind kind = Kind::kQuoted;
    std::size_t quote = text_.find('"', begin_ + 1);
    while (quote != std::string_view::npos && text_[quote + 1] == '"') {
      kind = Kind::kDoubledQuotes;
      quote = text_.find('"', quote + 2);
    }
    if (quote == std::string_view::npos) {
      return Kind::kStrange;
    }
    end_ = quote + 1;
    word_ = end_;
    marks_ = marks_at(word_);
    if ((marks_ & 0x80U) == 0) {
      return Kind::kStrange;
    }
    marks_ &= marks_ - 1;
    field_ = text_.substr(begin_ + 1, quote - begin_ - 1);
    return kind;
  }

  // The high bit of each byte from `position` on that ends a field.
  [[nodiscard]] std::uint64_t marks_at(std::size_t position) const {
    std::uint64_t word = 0;
    std::memcpy(&word, text_.data() + position, std::min(kWordBytes, text_.size() - position));
    return ~(nonzero_bytes(word ^ delimiters_) & nonzero_bytes(word ^ (kEveryByte * '\n')) &
             nonzero_bytes(word ^ (kEveryByte * '\r'))) &
           ~kLowBits;
  }

  std::string_view text_;
  char delimiter_;
  std::uint64_t delimiters_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string_view field_;
  std::size_t word_ = 0;  // where the word begins whose marks are left
  std::uint64_t marks_;
};

RecordSplitter::RecordSplitter(char delimiter, std::size_t columns, std::vector<std::size_t> chosen)
    : delimiter_(delimiter), chosen_(std::move(chosen)), targets_(columns) {}

std::optional<std::size_t> RecordSplitter::split(std::string_view text, Slice& slice) {
  set_up(text, slice);
  Fields fields(text, delimiter_);
  std::size_t record_begin = 0;
  std::size_t column = 0;
  while (slice.rows < max_rows_) {
    const Fields::Kind kind = fields.read();
    if (kind == Fields::Kind::kStrange) {
      return std::nullopt;
    }
    if (column < targets_.size() && targets_[column] != nullptr) {
      targets_[column][slice.rows] =
          kind == Fields::Kind::kDoubledQuotes ? unescaped(fields.field()) : fields.field();
    }
    ++column;
    const bool ends_record = fields.ends_record();
    const bool is_empty_line = ends_record && fields.end() == record_begin;
    fields.go_on();
    if (!ends_record) {
      continue;
    }
    record_begin = fields.begin();
    if (column == targets_.size() && !is_empty_line) {
      ++slice.rows;
    } else if (!is_empty_line) {
      slice.malformed.push_back(
          {slice.first_record + slice.records(), Reason::kColumnCount,
           std::to_string(column) + " fields, expected " + std::to_string(targets_.size())});
    }
    column = 0;
    if (record_begin == text.size()) {
      break;
    }
  }
  finish(text.substr(0, record_begin), slice);
  return record_begin;
}

void RecordSplitter::set_up(std::string_view text, Slice& slice) {
  // A record has at least one byte per column.
  max_rows_ = std::min(kMaxRows, text.size() / targets_.size() + 1);
  written_.clear();
  slice.columns.resize(chosen_.size());
  slice.rows = 0;
  slice.malformed.clear();
  std::fill(targets_.begin(), targets_.end(), nullptr);
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    slice.columns[i].kind = CellKind::kText;
    if (targets_[chosen_[i]] == nullptr) {
      // What is there from the slice before is left: rows past the last one are never read.
      slice.columns[i].texts.resize(std::max(max_rows_, slice.columns[i].texts.size()));
      targets_[chosen_[i]] = slice.columns[i].texts.data();
    }
  }
}

// Give columns that are chosen again what the first ones have.
void RecordSplitter::finish(std::string_view used, Slice& slice) const {
  const bool plain = is_plain(used);
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    Column& column = slice.columns[i];
    const std::string_view* const texts = targets_[chosen_[i]];
    if (column.texts.data() != texts) {
      column.texts.assign(texts, texts + slice.rows);
    }
    column.is_plain = plain;
  }
}

std::string_view RecordSplitter::unescaped(std::string_view field) {
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    text += field[i];
    i += field[i] == '"' ? 1U : 0U;
  }
  return written_.emplace_back(std::move(text));
}

}  // namespace quintile::loader
