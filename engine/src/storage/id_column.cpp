#include "storage/id_column.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "storage/contact_directory.hpp"

namespace quintile {

namespace {

constexpr std::int64_t kRowsPerTask = 16'384;

bool is_plain(std::string_view bytes) noexcept {
  // Bytes wide, so that the compiler takes a vector of them at a time.
  std::uint8_t seen = 0;
  std::uint8_t zeros = 0;
  for (const char byte : bytes) {
    seen = static_cast<std::uint8_t>(seen | static_cast<std::uint8_t>(byte));
    zeros = static_cast<std::uint8_t>(zeros | (byte == '\0' ? 1 : 0));
  }
  return seen < 0x80 && zeros == 0;
}

// What is wrong with the id of a row, or an empty view. `known_plain`: its bytes need no check.
std::string_view defect_of(const ArrowColumn& column, std::int64_t row, bool nullable,
                           bool known_plain) noexcept {
  if (column.is_null(row)) {
    return nullable ? std::string_view() : "null";
  }
  if (!is_text(column.type())) {
    return {};
  }
  const std::string_view text = column.text(row);
  if (text.empty() && nullable) {
    return {};
  }
  const bool good = known_plain && !text.empty() && text.size() <= kMaxIdentifierBytes;
  return good ? std::string_view() : id_defect(text);
}

// The first row of a range with a defect, `end` if there is none.
std::int64_t first_defect(const ArrowColumn& column, std::int64_t begin, std::int64_t end,
                          bool nullable) noexcept {
  bool known_plain = false;
  if (is_text(column.type())) {
    const char* first = column.text(begin).data();
    const std::string_view last = column.text(end - 1);
    known_plain = is_plain({first, static_cast<std::size_t>(last.data() + last.size() - first)});
  }
  std::int64_t row = begin;
  while (row < end && defect_of(column, row, nullable, known_plain).empty()) {
    ++row;
  }
  return row;
}

Status refusal(const ArrowColumn& column, std::int64_t row, std::string_view what, bool nullable) {
  const std::string where = "row " + std::to_string(row) + " of the batch: " + std::string(what);
  const std::string_view defect = defect_of(column, row, nullable, false);
  return {StatusCode::kInvalidArgument,
          defect == "null" ? where + " is null" : where + " is unusable: " + std::string(defect)};
}

}  // namespace

Status check_ids(const ArrowColumn& column, std::int64_t rows, std::string_view what,
                 bool nullable) {
  const std::int64_t first = rows == 0 ? 0 : first_defect(column, 0, rows, nullable);
  return first == rows ? Status() : refusal(column, first, what, nullable);
}

Result<IdColumn> IdColumn::read(const ArrowColumn& column, std::int64_t rows, std::string_view what,
                                bool nullable, Arena::Executor& executor) {
  IdColumn ids;
  const auto tasks = static_cast<std::size_t>((rows + kRowsPerTask - 1) / kRowsPerTask);
  ids.keys_.resize(static_cast<std::size_t>(rows));
  ids.written_.resize(tasks);
  std::vector<std::int64_t> defects(tasks, rows);
  const bool text = is_text(column.type());
  executor.run(tasks, [&](std::size_t task, int) {
    const std::int64_t begin = static_cast<std::int64_t>(task) * kRowsPerTask;
    const std::int64_t end = std::min(rows, begin + kRowsPerTask);
    if (const std::int64_t row = first_defect(column, begin, end, nullable); row != end) {
      defects[task] = row;
      return;
    }
    std::vector<IntegerText>& written = ids.written_[task];
    for (std::int64_t row = begin; row < end; ++row) {
      IdKey& key = ids.keys_[static_cast<std::size_t>(row)];
      if (column.is_null(row) || (text && column.text(row).empty())) {
        key = kNoId;
      } else if (text) {
        key = make_id_key(column.text(row));
      } else if (const std::int64_t integer = column.integer(row); is_kept_as_integer(integer)) {
        key = make_id_key(integer);
      } else {
        written.reserve(static_cast<std::size_t>(end - begin));
        IntegerText& digits = written.emplace_back();
        const char* const last =
            std::to_chars(digits.data(), digits.data() + digits.size(), integer).ptr;
        key = make_id_key(
            std::string_view(digits.data(), static_cast<std::size_t>(last - digits.data())));
      }
    }
  });
  const std::int64_t first = tasks == 0 ? rows : *std::min_element(defects.begin(), defects.end());
  if (first != rows) {
    return refusal(column, first, what, nullable);
  }
  return ids;
}

void IdColumn::insert_into(IdTable& table, std::span<std::uint32_t> codes) const {
  std::size_t begin = 0;
  while (begin < keys_.size()) {
    // A stretch of rows with an id, then one without.
    std::size_t end = begin;
    while (end < keys_.size() && keys_[end] != kNoId) {
      ++end;
    }
    table.insert_all(std::span(keys_).subspan(begin, end - begin),
                     codes.subspan(begin, end - begin));
    while (end < keys_.size() && keys_[end] == kNoId) {
      codes[end++] = kNoCode;
    }
    begin = end;
  }
}

}  // namespace quintile
