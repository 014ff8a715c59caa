// One walk over what the stores hold: it writes a snapshot, and reads one.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "exec/executor.hpp"
#include "quintile/status.hpp"
#include "storage/attribute_store.hpp"
#include "storage/contact_directory.hpp"
#include "storage/event_store.hpp"
#include "storage/order_store.hpp"
#include "storage/snapshot_file.hpp"

namespace quintile {

// The friend of the stores. The walks of a reader leave work behind, which finish() does once the
// arrays are read: it checks all values against each other and puts tables of ids together.
class SnapshotWalk {
 public:
  // Sealed stores only, all of them with `contacts` contacts.
  template <class Archive>
  void walk(Archive& archive, ContactDirectory& directory);
  template <class Archive>
  void walk(Archive& archive, AttributeStore& attributes);
  template <class Archive>
  void walk(Archive& archive, OrderStore& orders);
  template <class Archive>
  void walk(Archive& archive, EventStore& events);

  // Errors: kInvalidArgument, with the part and what is wrong in it.
  Status finish(Arena::Executor& executor);

 private:
  struct Table {
    IdTable* table = nullptr;
    const char* part = "";
    bool ids = false;  // texts are external ids or identifiers, not any text
    std::vector<std::uint32_t> tags;
  };
  struct Tags {
    AttributeStore::Column* column = nullptr;
    AlignedBuffer<std::uint64_t> ends;  // by row
    AlignedBuffer<std::uint32_t> codes;
  };

  template <class Archive>
  void walk_table(Archive& archive, IdTable& table, const char* part, bool ids);
  template <class Archive>
  static void walk_texts(Archive& archive, IdTexts::Block& block, std::uint32_t count);
  template <class Archive>
  void walk_tags(Archive& archive, AttributeStore::Column& column);
  template <class Archive>
  static void walk_block(Archive& archive, OrderBlock& block,
                         const std::vector<LineColumn>& columns);
  template <class Archive>
  static void walk_block(Archive& archive, EventBlock& block,
                         const std::vector<LineColumn>& properties);

  // Blocks of a table one by one, then the tables.
  static std::string restore_texts(Table& table, std::size_t block);
  static std::string restore_entries(Table& table);
  [[nodiscard]] std::string check_directory() const;
  [[nodiscard]] std::string check_attributes();
  static std::string take_tags(Tags& tags, std::uint32_t rows);
  static std::string check_block(const OrderStore& orders, std::size_t block,
                                 std::uint32_t contacts);
  static std::string check_block(const EventStore& events, std::size_t block,
                                 std::uint32_t contacts);

  std::deque<Table> tables_;
  std::deque<Tags> tags_;
  ContactDirectory* directory_ = nullptr;
  AttributeStore* attributes_ = nullptr;
  OrderStore* orders_ = nullptr;
  std::vector<EventStore*> events_;
};

}  // namespace quintile
