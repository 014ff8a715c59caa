#include "tables.hpp"

#include <algorithm>

namespace quintile::datasets {

namespace {

using enum ColumnType;

constexpr std::array<ColumnSpec, 12> kContactColumns = {{{"contact", kInt64, false},
                                                         {"email", kText, true},
                                                         {"anonymous_id", kText, true},
                                                         {"country", kText, false},
                                                         {"channel", kText, false},
                                                         {"signup_date", kDate, false},
                                                         {"birth_year", kInt64, true},
                                                         {"tags", kText, true},
                                                         {kConsentNames[0].data(), kBool, true},
                                                         {kConsentNames[1].data(), kBool, true},
                                                         {kConsentNames[2].data(), kBool, true},
                                                         {kConsentNames[3].data(), kBool, true}}};

constexpr std::array<ColumnSpec, 9> kOrderColumns = {{{"contact", kInt64, false},
                                                      {"order", kInt64, false},
                                                      {"returned_order", kInt64, true},
                                                      {"time", kTimestamp, false},
                                                      {"product", kText, false},
                                                      {"category", kText, false},
                                                      {"quantity", kInt64, false},
                                                      {"price", kMoney, false},
                                                      {"amount", kMoney, false}}};

constexpr std::array<ColumnSpec, 10> kEventColumns = {{{"contact", kInt64, true},
                                                       {"anonymous_id", kText, true},
                                                       {"time", kTimestamp, false},
                                                       {"type", kText, false},
                                                       {"url", kText, true},
                                                       {"source", kText, true},
                                                       {"product", kText, true},
                                                       {"campaign", kText, true},
                                                       {"phrase", kText, true},
                                                       {"score", kInt64, true}}};

constexpr std::array<ColumnSpec, 3> kLinkColumns = {
    {{"anonymous_id", kText, false}, {"contact", kInt64, false}, {"time", kTimestamp, false}}};

constexpr std::int64_t kMicroseconds = 1'000'000;

void add_optional_text(std::string_view text, Column& column) {
  if (text.empty()) {
    column.add_null();
  } else {
    column.add_text(text);
  }
}

std::string page_url(const Event& event, const Catalogue& catalogue) {
  switch (event.page) {
    case Page::kNone:
      return {};
    case Page::kHome:
      return "/";
    case Page::kCategory:
      return "/category/" +
             std::string(catalogue.category_name(static_cast<std::uint32_t>(event.category)));
    case Page::kProduct:
      return "/product/" + catalogue.product(static_cast<std::uint32_t>(event.product)).id;
    case Page::kSale:
      return "/sale/" +
             std::string(catalogue.category_name(static_cast<std::uint32_t>(event.category)));
  }
  return {};
}

}  // namespace

std::string_view table_name(Table table) noexcept {
  constexpr std::array<std::string_view, kTableCount> kNames = {"contacts", "orders", "events",
                                                                "links"};
  return kNames[to_index(table)];
}

std::span<const ColumnSpec> table_columns(Table table) noexcept {
  switch (table) {
    case Table::kContacts:
      return kContactColumns;
    case Table::kOrders:
      return kOrderColumns;
    case Table::kEvents:
      return kEventColumns;
    case Table::kLinks:
      return kLinkColumns;
  }
  return {};
}

std::uint64_t chunk_count(const ShopOptions& options) noexcept {
  return (options.contacts + kChunkContacts - 1) / kChunkContacts;
}

std::uint64_t visitors_before(const ShopOptions& options, std::uint64_t contacts) noexcept {
  return static_cast<std::uint64_t>(static_cast<double>(contacts) * 0.4 *
                                    std::min(options.event_rate, 1.0));
}

ChunkMaker::ChunkMaker(const World& world, const BehaviourModel& behaviour, bool with_events)
    : world_(world), behaviour_model_(behaviour), with_events_(with_events) {}

Chunk ChunkMaker::make(std::uint64_t chunk_index) {
  Chunk chunk;
  for (const Table table : kTables) {
    chunk.tables[to_index(table)] = empty_batch(table_columns(table));
  }
  const ShopOptions& options = world_.options();
  const std::uint64_t begin = chunk_index * kChunkContacts;
  const std::uint64_t end = std::min(begin + kChunkContacts, options.contacts);
  chunk.contacts = end - begin;
  for (std::uint64_t index = begin; index < end; ++index) {
    world_.live(index, life_);
    add_contact(index, chunk);
    add_orders(chunk.tables[to_index(Table::kOrders)]);
    if (with_events_) {
      behaviour_model_.act(index, life_, behaviour_);
      add_events(index, false, chunk);
      add_links(index, chunk);
    }
    chunk.facts.buyers += life_.purchases > 0 ? 1 : 0;
    chunk.facts.one_time_buyers += life_.purchases == 1 ? 1 : 0;
    chunk.facts.purchases += life_.purchases;
    chunk.facts.returns += life_.orders.size() - life_.purchases;
    chunk.facts.lines += life_.lines.size();
  }
  if (with_events_) {
    const std::uint64_t last_visitor = visitors_before(options, end);
    for (std::uint64_t i = visitors_before(options, begin); i < last_visitor; ++i) {
      behaviour_model_.wander(i, behaviour_);
      add_events(i, true, chunk);
      ++chunk.facts.visitors;
    }
  }
  chunk.facts.contacts = chunk.contacts;
  chunk.facts.events = chunk.tables[to_index(Table::kEvents)].front().rows();
  chunk.facts.links = chunk.tables[to_index(Table::kLinks)].front().rows();
  return chunk;
}

void ChunkMaker::add_contact(std::uint64_t index, Chunk& chunk) {
  const Profile& profile = life_.profile;
  Batch& contacts = chunk.tables[to_index(Table::kContacts)];
  contacts[0].add_number(static_cast<std::int64_t>(profile.id));
  add_optional_text(profile.email, contacts[1]);
  if (profile.devices > 0) {
    contacts[2].add_text(behaviour_model_.contact_device(index, 1));
  } else {
    contacts[2].add_null();
  }
  contacts[3].add_text(profile.country);
  contacts[4].add_text(profile.channel);
  contacts[5].add_date(static_cast<std::int32_t>(profile.signup / kDay));
  if (profile.birth_year.has_value()) {
    contacts[6].add_number(*profile.birth_year);
  } else {
    contacts[6].add_null();
  }
  add_optional_text(profile.tags, contacts[7]);
  for (std::size_t i = 0; i < profile.consents.size(); ++i) {
    if (profile.consents[i].has_value()) {
      contacts[8 + i].add_bool(*profile.consents[i]);
    } else {
      contacts[8 + i].add_null();
    }
  }
}

void ChunkMaker::add_orders(Batch& orders) const {
  const Catalogue& catalogue = world_.catalogue();
  for (const Order& order : life_.orders) {
    for (std::uint32_t i = 0; i < order.line_count; ++i) {
      const Line& line = life_.lines[order.first_line + i];
      const Product& product = catalogue.product(line.product);
      orders[0].add_number(static_cast<std::int64_t>(life_.profile.id));
      orders[1].add_number(static_cast<std::int64_t>(order.id));
      if (order.returned != 0) {
        orders[2].add_number(static_cast<std::int64_t>(order.returned));
      } else {
        orders[2].add_null();
      }
      orders[3].add_number(order.time * kMicroseconds);
      orders[4].add_text(product.id);
      orders[5].add_text(catalogue.category_name(product.category));
      orders[6].add_number(line.quantity);
      orders[7].add_money(product.price);
      orders[8].add_money(line.quantity * product.price);
    }
  }
}

void ChunkMaker::add_events(std::uint64_t index, bool visitor, Chunk& chunk) const {
  Batch& events = chunk.tables[to_index(Table::kEvents)];
  const Catalogue& catalogue = world_.catalogue();
  for (const Event& event : behaviour_.events) {
    if (event.known) {
      events[0].add_number(static_cast<std::int64_t>(index + 1));
    } else {
      events[0].add_null();
    }
    if (event.device == 0) {
      events[1].add_null();
    } else {
      events[1].add_text(visitor ? behaviour_model_.visitor_device(index)
                                 : behaviour_model_.contact_device(index, event.device));
    }
    events[2].add_number(event.time * kMicroseconds);
    events[3].add_text(kEventNames[static_cast<std::size_t>(event.type)]);
    add_optional_text(page_url(event, catalogue), events[4]);
    add_optional_text(kSourceNames[static_cast<std::size_t>(event.source)], events[5]);
    const bool has_product = event.product != kNothing && event.type == EventType::kCart;
    add_optional_text(
        has_product ? catalogue.product(static_cast<std::uint32_t>(event.product)).id : "",
        events[6]);
    add_optional_text(
        event.campaign == kNothing ? "" : behaviour_model_.campaign(event.campaign).name,
        events[7]);
    add_optional_text(event.phrase, events[8]);
    if (event.score == kNothing) {
      events[9].add_null();
    } else {
      events[9].add_number(event.score);
    }
  }
}

void ChunkMaker::add_links(std::uint64_t index, Chunk& chunk) const {
  Batch& links = chunk.tables[to_index(Table::kLinks)];
  for (const Link& link : behaviour_.links) {
    links[0].add_text(behaviour_model_.contact_device(index, link.device));
    links[1].add_number(static_cast<std::int64_t>(life_.profile.id));
    links[2].add_number(link.time * kMicroseconds);
  }
}

}  // namespace quintile::datasets
