// CSV text to fields, for text that is as nearly all CSV text is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source.hpp"

namespace quintile::loader {

// Finds delimiters and line ends eight bytes at a time and notes the fields of the chosen columns,
// no others. It reads RFC 4180 as the parser of Arrow does, empty lines and wrong field counts
// included, but for letters between a closing quote and the end of the field: there it gives up,
// and the caller takes that parser.
class RecordSplitter {
 public:
  // `chosen` are positions below `columns`; one may be there twice.
  RecordSplitter(char delimiter, std::size_t columns, std::vector<std::size_t> chosen);

  // Fill `slice`, whose first record is set, from the start of `text`, with at most kMaxRows rows.
  // `text` is not empty, begins with a record and ends with a line end. Returns the bytes used,
  // nothing if it gave up. Views lead into `text` or into this object; they last until the next
  // call, for which the same slice may be taken again.
  std::optional<std::size_t> split(std::string_view text, Slice& slice);

 private:
  // The fields of a text, one after the other.
  class Fields;

  void set_up(std::string_view text, Slice& slice);
  std::string_view unescaped(std::string_view field);
  void finish(std::string_view used, Slice& slice) const;

  char delimiter_;
  std::vector<std::size_t> chosen_;
  std::vector<std::string_view*> targets_;  // by column; null: the field is passed over
  std::size_t max_rows_ = 0;
  std::deque<std::string> written_;  // fields that had doubled quotes
};

}  // namespace quintile::loader
