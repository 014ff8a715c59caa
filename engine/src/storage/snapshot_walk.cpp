#include "storage/snapshot_walk.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace quintile {

namespace {

constexpr std::uint64_t kMaxLineColumns = 256;
constexpr std::uint64_t kNoQuantity = std::numeric_limits<std::uint64_t>::max();

std::size_t block_count(std::uint32_t contacts) noexcept {
  return (std::size_t{contacts} + kRowsPerBlock - 1) / kRowsPerBlock;
}

// A text in memory is its length in two bytes, then bytes, and begins at an even address.
std::string_view text_at(const char* text) noexcept {
  std::uint16_t length = 0;
  std::memcpy(&length, text, sizeof(length));
  return {text + sizeof(length), length};
}

}  // namespace

// In the file a slot is `integer << 1`, or the place of its text among those of the block, which
// is even, `<< 1 | 1`.
template <class Archive>
void SnapshotWalk::walk_texts(Archive& archive, IdTexts::Block& block, std::uint32_t count) {
  if constexpr (Archive::kReads) {
    archive.raw(block.slots.get(), count * sizeof(std::uint64_t));
    const std::uint64_t bytes = archive.next_bytes();
    block.chunks.push_back(std::make_unique_for_overwrite<char[]>(bytes + 1));
    block.text_bytes = bytes;
    archive.raw(block.chunks.back().get(), bytes);
  } else {
    std::vector<std::uint64_t> slots(block.slots.get(), block.slots.get() + count);
    std::string texts;
    for (std::uint64_t& slot : slots) {
      if ((slot & 1) != 0) {
        const std::string_view text = text_at(
            reinterpret_cast<const char*>(static_cast<std::uintptr_t>(slot & ~std::uint64_t{1})));
        slot = (std::uint64_t{texts.size()} << 1) | 1;
        texts.append(text.data() - sizeof(std::uint16_t), text.size() + sizeof(std::uint16_t));
        texts.append(texts.size() % 2, '\0');
      }
    }
    archive.raw(slots.data(), slots.size() * sizeof(std::uint64_t));
    archive.raw(texts.data(), texts.size());
  }
}

template <class Archive>
void SnapshotWalk::walk_table(Archive& archive, IdTable& table, const char* part, bool ids) {
  archive.part(part);
  const auto size = static_cast<std::uint32_t>(archive.length(table.size(), kNoCode - 1));
  if constexpr (Archive::kReads) {
    tables_.push_back({&table, part, ids, {}});
    table.texts_.size_ = size;
  }
  for (std::uint32_t begin = 0; begin < size && archive.ok(); begin += IdTexts::kBlockSlots) {
    if constexpr (Archive::kReads) {
      table.texts_.blocks_.push_back(std::make_shared<IdTexts::Block>());
    }
    walk_texts(archive, *table.texts_.blocks_[begin / IdTexts::kBlockSlots],
               std::min(IdTexts::kBlockSlots, size - begin));
    if (begin > kNoCode - IdTexts::kBlockSlots) {
      break;
    }
  }
}

template <class Archive>
void SnapshotWalk::walk(Archive& archive, ContactDirectory& directory) {
  directory_ = &directory;
  walk_table(archive, directory.canonical_, "contacts", true);
  const std::uint64_t spaces = archive.length(directory.name_spaces_.size(), kMaxNamespaces);
  for (std::uint64_t i = 0; i < spaces && archive.ok(); ++i) {
    if constexpr (Archive::kReads) {
      directory.name_spaces_.push_back(std::make_unique<ContactDirectory::NameSpace>());
    }
    ContactDirectory::NameSpace& space = *directory.name_spaces_[i];
    archive.text(space.name);
    walk_table(archive, space.table, "identifiers", true);
    archive.array(space.row_of_code);
  }
  archive.part("identifiers");
  archive.array(directory.first_link_plus_one_);
  archive.array(directory.links_);
}

template <class Archive>
void SnapshotWalk::walk_tags(Archive& archive, AttributeStore::Column& column) {
  Tags tags{&column, {}, {}};
  if constexpr (!Archive::kReads) {
    for (const std::vector<std::uint32_t>& row : column.tags) {
      tags.codes.append(row);
      tags.ends.push_back(tags.codes.size());
    }
  }
  Tags& kept = tags_.emplace_back(std::move(tags));
  archive.array(kept.ends);
  archive.array(kept.codes);
  if constexpr (!Archive::kReads) {
    tags_.pop_back();
  }
}

template <class Archive>
void SnapshotWalk::walk(Archive& archive, AttributeStore& attributes) {
  attributes_ = &attributes;
  archive.part("attributes");
  attributes.rows_ = static_cast<std::uint32_t>(archive.length(attributes.rows_, kMaxContacts));
  archive.array(attributes.introduced_);
  for (AttributeStore::Column& column : attributes.columns_) {
    if (column.dictionary) {
      walk_table(archive, *column.dictionary, "values of attributes", false);
    }
    archive.part("attributes");
    archive.array(column.valid);
    archive.array(column.bits);
    archive.array(column.integers);
    archive.array(column.reals);
    archive.array(column.codes);
    archive.array(column.days);
    if (column.type == DataType::kTags) {
      walk_tags(archive, column);
    }
  }
}

template <class Archive>
void SnapshotWalk::walk_block(Archive& archive, OrderBlock& block,
                              const std::vector<LineColumn>& columns) {
  archive.array(block.contact_orders);
  archive.array(block.order_lines);
  archive.array(block.order_code);
  archive.array(block.order_day);
  archive.array(block.order_amount);
  archive.array(block.order_units);
  archive.array(block.line_time);
  archive.array(block.line_amount);
  block.values.resize(columns.size());
  for (LineValues& values : block.values) {
    archive.array(values.codes);
    archive.array(values.integers);
    archive.array(values.valid);
  }
  archive.array(block.spread_orders);
  archive.array(block.spread_until);
  archive.scalar(block.first_time);
  archive.scalar(block.last_time);
  archive.scalar(block.wide_sums);
}

template <class Archive>
void SnapshotWalk::walk(Archive& archive, OrderStore& orders) {
  orders_ = &orders;
  walk_table(archive, orders.orders_, "ids of orders", true);
  archive.part("columns of order lines");
  const std::uint64_t columns = archive.length(orders.columns_.size(), kMaxLineColumns);
  for (std::uint64_t i = 0; i < columns && archive.ok(); ++i) {
    if constexpr (Archive::kReads) {
      orders.columns_.emplace_back();
    }
    LineColumn& column = orders.columns_[i];
    archive.text(column.name);
    archive.scalar(column.type);
    if (column.type != DataType::kCategory && column.type != DataType::kInt64 &&
        column.type != DataType::kBool && column.type != DataType::kDecimal) {
      if constexpr (Archive::kReads) {
        archive.fail("expected the type of a column, got another number");
      }
      return;
    }
    if (Archive::kReads && column.type == DataType::kCategory) {
      column.dictionary = std::make_unique<IdTable>();
    }
    if (column.dictionary) {
      walk_table(archive, *column.dictionary, "values of order lines", false);
    }
  }
  archive.part("order lines");
  auto quantity = static_cast<std::uint64_t>(orders.quantity_);
  archive.scalar(quantity);
  const std::uint64_t blocks = archive.length(orders.blocks_.size(), block_count(kMaxContacts));
  for (std::uint64_t i = 0; i < blocks && archive.ok(); ++i) {
    if constexpr (Archive::kReads) {
      orders.blocks_.emplace_back();
    }
    walk_block(archive, orders.blocks_[i], orders.columns_);
  }
  if constexpr (Archive::kReads) {
    if (quantity != kNoQuantity && quantity >= orders.columns_.size()) {
      archive.fail("expected the position of the quantity among the columns");
      return;
    }
    orders.quantity_ = static_cast<std::ptrdiff_t>(quantity);
    orders.delta_.values.resize(orders.columns_.size());
    for (const OrderBlock& block : orders.blocks_) {
      orders.lines_ += block.lines();
    }
    orders.changed_rows_.resize(orders.blocks_.size() * (kRowsPerBlock / 64));
  }
}

template <class Archive>
void SnapshotWalk::walk_block(Archive& archive, EventBlock& block,
                              const std::vector<LineColumn>& properties) {
  archive.array(block.contact_events);
  archive.array(block.time);
  archive.array(block.day);
  block.values.resize(properties.size());
  for (EventValues& values : block.values) {
    archive.array(values.codes);
    archive.array(values.integers);
    archive.array(values.reals);
    archive.array(values.bits);
    archive.array(values.valid);
  }
  archive.scalar(block.first_time);
  archive.scalar(block.last_time);
}

template <class Archive>
void SnapshotWalk::walk(Archive& archive, EventStore& events) {
  events_.push_back(&events);
  for (LineColumn& property : events.properties_) {
    if (property.dictionary) {
      walk_table(archive, *property.dictionary, "values of events", false);
    }
  }
  archive.part("events");
  const std::uint64_t blocks = archive.length(events.blocks_.size(), block_count(kMaxContacts));
  for (std::uint64_t i = 0; i < blocks && archive.ok(); ++i) {
    if constexpr (Archive::kReads) {
      events.blocks_.emplace_back();
    }
    walk_block(archive, events.blocks_[i], events.properties_);
  }
}

template void SnapshotWalk::walk(SnapshotWriter&, ContactDirectory&);
template void SnapshotWalk::walk(SnapshotReader&, ContactDirectory&);
template void SnapshotWalk::walk(SnapshotWriter&, AttributeStore&);
template void SnapshotWalk::walk(SnapshotReader&, AttributeStore&);
template void SnapshotWalk::walk(SnapshotWriter&, OrderStore&);
template void SnapshotWalk::walk(SnapshotReader&, OrderStore&);
template void SnapshotWalk::walk(SnapshotWriter&, EventStore&);
template void SnapshotWalk::walk(SnapshotReader&, EventStore&);

}  // namespace quintile
