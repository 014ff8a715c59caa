// The tables of the shop: their columns, and how the life of a contact becomes rows.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "behaviour.hpp"
#include "columns.hpp"
#include "contact_life.hpp"
#include "quintile/datasets/shop.hpp"

namespace quintile::datasets {

// Contacts per chunk. The record batches of a table are its chunks, so this number is part of what
// the files look like and is never changed by the number of threads.
inline constexpr std::uint64_t kChunkContacts = 8'192;

[[nodiscard]] std::span<const ColumnSpec> table_columns(Table table) noexcept;

// One run of contacts, and the share of the anonymous visitors that goes with it, in every table.
struct Chunk {
  std::array<Batch, kTableCount> tables;
  std::uint64_t contacts = 0;
  ShopFacts facts;
};

// Makes chunks; one per thread, since it reuses its memory.
class ChunkMaker {
 public:
  // `with_events`: the tables of events and links are wanted.
  ChunkMaker(const World& world, const BehaviourModel& behaviour, bool with_events);

  [[nodiscard]] Chunk make(std::uint64_t chunk_index);

 private:
  void add_contact(std::uint64_t index, Chunk& chunk);
  void add_orders(Batch& orders) const;
  void add_events(std::uint64_t index, bool visitor, Chunk& chunk) const;
  void add_links(std::uint64_t index, Chunk& chunk) const;

  const World& world_;
  const BehaviourModel& behaviour_model_;
  bool with_events_;
  ContactLife life_;
  Behaviour behaviour_;
};

[[nodiscard]] std::uint64_t chunk_count(const ShopOptions& options) noexcept;

// Visitors that never become contacts, among the first `contacts` contacts' chunks.
[[nodiscard]] std::uint64_t visitors_before(const ShopOptions& options,
                                            std::uint64_t contacts) noexcept;

}  // namespace quintile::datasets
