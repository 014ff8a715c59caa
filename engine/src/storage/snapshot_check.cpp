// What a snapshot must hold before it is used: a checksum says that the bytes are those that were
// written, not that they mean anything.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <mutex>

#include "storage/snapshot_walk.hpp"

namespace quintile {

namespace {

template <class T>
bool ascend_to(std::span<const T> offsets, std::size_t entries, std::size_t end) noexcept {
  if (entries == 0 && offsets.empty()) {
    return end == 0;
  }
  bool descends = offsets.size() != entries + 1 || offsets.front() != 0 || offsets.back() != end;
  for (std::size_t i = 1; i < offsets.size(); ++i) {
    descends = descends || offsets[i] < offsets[i - 1];
  }
  return !descends;
}

constexpr std::uint64_t kNothing = std::uint64_t{1} << 32;

// Whether all codes are below `size` or are `none`.
bool are_codes(std::span<const std::uint32_t> codes, std::uint64_t size,
               std::uint64_t none = kNothing) noexcept {
  bool wrong = false;
  for (const std::uint32_t code : codes) {
    wrong |= code >= size && code != none;
  }
  return !wrong;
}

bool have_no_nan(std::span<const double> values) noexcept {
  return std::none_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
}

std::size_t words_for(std::size_t bits) noexcept { return (bits + 63) / 64; }

// A bitmap of `bits` bits with nothing behind the last one.
bool is_bitmap(std::span<const std::uint64_t> words, std::size_t bits) noexcept {
  if (words.size() != words_for(bits)) {
    return false;
  }
  return bits % 64 == 0 || (words.back() >> (bits % 64)) == 0;
}

bool are_days(std::span<const std::uint16_t> days) noexcept {
  return std::find(days.begin(), days.end(), kNoDay) == days.end();
}

std::string check_lines(const OrderBlock& block, std::span<const LineColumn> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const LineValues& values = block.values[i];
    const bool coded = columns[i].type == DataType::kCategory || columns[i].type == DataType::kBool;
    const std::size_t codes = coded ? block.lines() : 0;
    const std::size_t integers = coded ? 0 : block.lines();
    const std::size_t valid = columns[i].type == DataType::kInt64 ? block.lines() : 0;
    if (values.codes.size() != codes || values.integers.size() != integers ||
        values.valid.size() != valid) {
      return "a column does not have a value for every line";
    }
    const std::uint32_t size = columns[i].dictionary ? columns[i].dictionary->size() : 2;
    if (!are_codes(values.codes.span(), size, kNoCode)) {
      return "a column has codes that its dictionary lacks";
    }
    if (std::any_of(values.valid.begin(), values.valid.end(),
                    [](std::uint8_t flag) { return flag > 1; })) {
      return "a column has flags that are neither 0 nor 1";
    }
  }
  return {};
}

std::string check_values(const EventValues& values, const LineColumn& property,
                         std::size_t events) {
  const auto expected = [&](bool used) { return used ? events : 0; };
  const bool is_code = property.type == DataType::kCategory;
  const bool is_real = property.type == DataType::kDouble;
  const bool is_bit = property.type == DataType::kBool;
  if (values.codes.size() != expected(is_code) || values.reals.size() != expected(is_real) ||
      values.integers.size() != expected(!is_code && !is_real && !is_bit) ||
      !is_bitmap(values.bits.span(), expected(is_bit)) || !is_bitmap(values.valid.span(), events)) {
    return "a property does not have a value for every event";
  }
  if (is_code && !are_codes(values.codes.span(), property.dictionary->size(), 0)) {
    return "a property has codes that its dictionary lacks";
  }
  return have_no_nan(values.reals.span()) ? std::string() : "a property is NaN";
}

}  // namespace

std::string SnapshotWalk::restore_texts(Table& table, std::size_t position) {
  IdTexts& texts = table.table->texts_;
  IdTexts::Block& block = *texts.blocks_[position];
  const std::size_t first = position * IdTexts::kBlockSlots;
  const std::size_t count = std::min<std::size_t>(IdTexts::kBlockSlots, texts.size_ - first);
  const char* const bytes = block.chunks.front().get();
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t& slot = block.slots[i];
    IdKey key;
    if ((slot & 1) == 0) {
      const std::int64_t integer = static_cast<std::int64_t>(slot) >> 1;
      if (!is_kept_as_integer(integer)) {
        return "an id is an integer that is kept as text";
      }
      key = make_id_key(integer);
    } else {
      const std::uint64_t offset = slot >> 1;
      std::uint16_t length = 0;
      if (offset % 2 != 0 || block.text_bytes < sizeof(length) ||
          offset > block.text_bytes - sizeof(length)) {
        return "a text begins outside its block";
      }
      std::memcpy(&length, bytes + offset, sizeof(length));
      if (length > block.text_bytes - sizeof(length) - offset) {
        return "a text ends outside its block";
      }
      const std::string_view text(bytes + offset + sizeof(length), length);
      key = make_id_key(text);
      if (key.text == nullptr) {
        return "a text is an integer that is kept as such";
      }
      if (table.ids && !id_defect(text).empty()) {
        return "an id is unusable: " + std::string(id_defect(text));
      }
      slot = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(bytes + offset)) | 1;
    }
    table.tags[first + i] = static_cast<std::uint32_t>(key.hash >> 32);
  }
  return {};
}

std::string SnapshotWalk::restore_entries(Table& table) {
  constexpr std::size_t kFirstEntries = 64;
  constexpr std::size_t kPrefetch = 16;
  constexpr std::size_t kMaxEntries = std::size_t{1} << 32;
  IdTable& ids = *table.table;
  const std::uint32_t size = ids.size();
  std::size_t entries = kFirstEntries;
  while (entries < kMaxEntries && std::uint64_t{size} * 8 > entries * 5) {
    entries *= 2;
  }
  ids.make_entries(entries, 0);
  std::array<char, 24> scratch{};
  std::array<char, 24> other{};
  for (std::uint32_t code = 0; code < size; ++code) {
    if (code + kPrefetch < size) {
      __builtin_prefetch(&ids.entries_[ids.home_of(table.tags[code + kPrefetch])], 1);
    }
    const std::uint32_t tag = table.tags[code];
    std::size_t i = ids.home_of(tag);
    while (ids.entries_[i].code_plus_one != 0) {
      if (ids.entries_[i].tag == tag && ids.texts_.view(ids.entries_[i].code_plus_one - 1, other) ==
                                            ids.texts_.view(code, scratch)) {
        return "a text is there twice";
      }
      i = (i + 1) & ids.mask_;
    }
    ids.entries_[i] = {code + 1, tag};
  }
  table.tags = {};
  return {};
}

std::string SnapshotWalk::check_directory() const {
  const std::uint32_t contacts = directory_->size();
  if (contacts > kMaxContacts) {
    return "expected at most 4294901760 contacts, got more";
  }
  const auto& spaces = directory_->name_spaces_;
  for (std::size_t i = 0; i < spaces.size(); ++i) {
    if (!split_identifier(spaces[i]->name + ":x") || spaces[i]->name == kCanonicalNamespace) {
      return "a namespace is none";
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (spaces[j]->name == spaces[i]->name) {
        return "a namespace is there twice";
      }
    }
    if (spaces[i]->row_of_code.size() != spaces[i]->table.size() ||
        !are_codes(spaces[i]->row_of_code.span(), contacts)) {
      return "an identifier leads to no contact";
    }
  }
  const std::size_t links = directory_->links_.size();
  if (directory_->first_link_plus_one_.size() > contacts ||
      !are_codes(directory_->first_link_plus_one_.span(), links + 1)) {
    return "a contact has identifiers that are not there";
  }
  for (std::size_t i = 0; i < links; ++i) {
    const ContactDirectory::Link& link = directory_->links_[i];
    if (link.name_space >= spaces.size() || link.code >= spaces[link.name_space]->table.size() ||
        link.next_plus_one > links || (link.next_plus_one != 0 && link.next_plus_one <= i + 1)) {
      return "the identifiers of a contact are no list";
    }
  }
  return {};
}

std::string SnapshotWalk::take_tags(Tags& tags, std::uint32_t rows) {
  std::uint64_t begin = 0;
  if (tags.ends.size() != rows || (rows == 0 && !tags.codes.empty()) ||
      (rows != 0 && tags.ends[rows - 1] != tags.codes.size()) ||
      !are_codes(tags.codes.span(), tags.column->dictionary->size())) {
    return "the tags of a contact are not there";
  }
  tags.column->tags.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint64_t end = tags.ends[row];
    if (end < begin || end > tags.codes.size()) {
      return "the tags of contacts do not ascend";
    }
    std::vector<std::uint32_t>& codes = tags.column->tags[row];
    codes.assign(tags.codes.begin() + begin, tags.codes.begin() + end);
    if (std::adjacent_find(codes.begin(), codes.end(), std::greater_equal<>()) != codes.end()) {
      return "the tags of a contact do not ascend";
    }
    begin = end;
  }
  return {};
}

std::string SnapshotWalk::check_attributes() {
  const std::uint32_t rows = attributes_->rows_;
  if (rows != directory_->size() || !is_bitmap(attributes_->introduced_.span(), rows)) {
    return "expected a row for every contact";
  }
  for (const AttributeStore::Column& column : attributes_->columns_) {
    const auto expected = [&](std::initializer_list<DataType> types) {
      return std::find(types.begin(), types.end(), column.type) != types.end() ? rows : 0;
    };
    const bool fits =
        is_bitmap(column.valid.span(), rows) &&
        is_bitmap(column.bits.span(), expected({DataType::kBool, DataType::kConsent})) &&
        column.integers.size() ==
            expected({DataType::kInt64, DataType::kDecimal, DataType::kTimestamp}) &&
        column.reals.size() == expected({DataType::kDouble}) &&
        column.codes.size() == expected({DataType::kCategory}) &&
        column.days.size() == expected({DataType::kDate});
    if (!fits) {
      return "an attribute does not have a value for every contact";
    }
    if (column.type == DataType::kCategory &&
        !are_codes(column.codes.span(), column.dictionary->size(), 0)) {
      return "an attribute has codes that its dictionary lacks";
    }
    if (!have_no_nan(column.reals.span())) {
      return "an attribute is NaN";
    }
  }
  for (Tags& tags : tags_) {
    if (std::string wrong = take_tags(tags, rows); !wrong.empty()) {
      return wrong;
    }
  }
  return {};
}

std::string SnapshotWalk::check_block(const OrderStore& orders, std::size_t position,
                                      std::uint32_t contacts) {
  const OrderBlock& block = orders.blocks_[position];
  const std::size_t count = block.orders();
  if (!ascend_to<std::uint32_t>(block.contact_orders.span(), contacts, count) ||
      !ascend_to<std::uint32_t>(block.order_lines.span(), count, block.lines())) {
    return "the orders of contacts, or lines of orders, do not ascend";
  }
  // An order has the time of its first line.
  if (std::adjacent_find(block.order_lines.begin(), block.order_lines.end(),
                         std::greater_equal<>()) != block.order_lines.end()) {
    return "an order has no line";
  }
  if (block.order_code.size() != count || block.order_amount.size() != count ||
      block.order_units.size() != count || block.line_amount.size() != block.lines() ||
      block.spread_until.size() != block.spread_orders.size()) {
    return "columns are not of one length";
  }
  if (!are_codes(block.order_code.span(), orders.orders_.size(), kNoCode) ||
      !are_days(block.order_day.span()) || !are_codes(block.spread_orders.span(), count) ||
      !are_days(block.spread_until.span())) {
    return "an order has an id or a day that is none";
  }
  return check_lines(block, orders.columns_);
}

std::string SnapshotWalk::check_block(const EventStore& events, std::size_t position,
                                      std::uint32_t contacts) {
  const EventBlock& block = events.blocks_[position];
  if (!ascend_to<std::uint32_t>(block.contact_events.span(), contacts, block.events()) ||
      block.day.size() != block.events() || !are_days(block.day.span())) {
    return "the events of contacts do not ascend, or have no day";
  }
  for (std::size_t i = 0; i < block.values.size(); ++i) {
    if (std::string wrong = check_values(block.values[i], events.properties_[i], block.events());
        !wrong.empty()) {
      return wrong;
    }
  }
  return {};
}

Status SnapshotWalk::finish(Arena::Executor& executor) {
  // What is to be done, as (part, work), in an order in which the first error is told.
  using Work = std::pair<const char*, std::function<std::string()>>;
  std::mutex lock;
  const auto run = [&](const std::vector<Work>& works) -> Status {
    std::size_t first = works.size();
    std::string wrong;
    executor.run(works.size(), [&](std::size_t i, int) {
      std::string found = works[i].second();
      const std::lock_guard guard(lock);
      if (!found.empty() && i < first) {
        first = i;
        wrong = std::move(found);
      }
    });
    return first == works.size()
               ? Status()
               : Status(StatusCode::kInvalidArgument, std::string("the snapshot is damaged: ") +
                                                          works[first].first + ": " + wrong);
  };
  std::vector<Work> works;
  for (Table& table : tables_) {
    table.tags.resize(table.table->size());
    for (std::size_t block = 0; block < table.table->texts_.blocks_.size(); ++block) {
      works.emplace_back(table.part, [&table, block] { return restore_texts(table, block); });
    }
  }
  if (Status status = run(works); !status.ok()) {
    return status;
  }
  works.clear();
  for (Table& table : tables_) {
    works.emplace_back(table.part, [&table] { return restore_entries(table); });
  }
  works.emplace_back("identifiers", [this] { return check_directory(); });
  works.emplace_back("attributes", [this] { return check_attributes(); });
  const std::uint32_t contacts = directory_->size();
  const std::size_t blocks = (std::size_t{contacts} + kRowsPerBlock - 1) / kRowsPerBlock;
  const auto rows_of = [=](std::size_t block) {
    return static_cast<std::uint32_t>(
        std::min<std::size_t>(kRowsPerBlock, contacts - block * kRowsPerBlock));
  };
  const auto one_per_block = [&](std::size_t found) {
    return found == blocks ? std::string() : std::string("expected a block per 65,536 contacts");
  };
  works.emplace_back("order lines", [&] { return one_per_block(orders_->blocks_.size()); });
  for (std::size_t block = 0; block < std::min(blocks, orders_->blocks_.size()); ++block) {
    works.emplace_back("order lines", [this, block, rows = rows_of(block)] {
      return check_block(*orders_, block, rows);
    });
  }
  for (const EventStore* events : events_) {
    works.emplace_back("events", [=] { return one_per_block(events->blocks_.size()); });
    for (std::size_t block = 0; block < std::min(blocks, events->blocks_.size()); ++block) {
      works.emplace_back("events", [events, block, rows = rows_of(block)] {
        return check_block(*events, block, rows);
      });
    }
  }
  return run(works);
}

}  // namespace quintile
