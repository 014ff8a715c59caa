// Who the contacts are: rows and the identifiers that lead to them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "quintile/engine.hpp"
#include "quintile/status.hpp"
#include "quintile/types.hpp"
#include "storage/id_column.hpp"
#include "storage/id_table.hpp"

namespace quintile {

inline constexpr std::string_view kCanonicalNamespace = "id";
inline constexpr std::size_t kMaxIdentifierBytes = 256;
inline constexpr std::size_t kMaxNamespaces = 64;

// What is wrong with an id, or an empty view: it must have 1 to 256 bytes of UTF-8, no NUL.
std::string_view id_defect(std::string_view id) noexcept;

// An identifier cut at its first colon.
struct IdentifierParts {
  std::string_view name_space;
  std::string_view value;
};
// Nothing if there is no colon or a part is not fit: namespaces are [a-z0-9_-]{1,32}.
std::optional<IdentifierParts> split_identifier(std::string_view identifier) noexcept;

// Rows of contacts in the order they were first seen. The canonical identifier (namespace `id`) of
// row r is code r of one IdTable; each further namespace has a table of its own and a column that
// leads from its codes to rows. Not synchronised: the engine holds its directory lock.
class ContactDirectory {
 public:
  [[nodiscard]] std::uint32_t size() const noexcept { return canonical_.size(); }
  [[nodiscard]] const IdTexts& ids() const noexcept { return canonical_.texts(); }

  // Rows of external ids, new rows for unknown ones.
  void resolve(std::span<const IdKey> keys, std::span<std::uint32_t> rows) {
    canonical_.insert_all(keys, rows);
  }
  // The same for a column in which ids may be missing, which gives kNoCode.
  void resolve_named(const IdColumn& ids, std::span<std::uint32_t> rows) {
    ids.insert_into(canonical_, rows);
  }
  // The row that the first known one of `identifiers` leads to. If none is known: a new row, with
  // the first one as external id, to which all of them lead. They must be well formed (see link())
  // and at most kMaxIdentifierBytes long as a whole; there is at least one.
  // Errors: kOutOfRange past the limit of namespaces.
  Result<std::uint32_t> resolve_identifiers(std::span<const std::string_view> identifiers);
  // Forgets the rows from `size` on; no identifier may lead to them.
  void truncate(std::uint32_t size) { canonical_.truncate(size); }

  // Makes each identifier lead to its row, or, on an error, changes nothing. One that leads there
  // already is no error. Returns how many lead elsewhere and were left so.
  // Errors: kInvalidArgument if one is malformed, canonical, or (with kRefuse) the identifier of
  // another contact; kOutOfRange past the limit of namespaces.
  struct NewLink {
    std::uint32_t row = 0;
    std::string_view identifier;
  };
  Result<std::uint64_t> link(std::span<const NewLink> links,
                             IdentifierConflict conflict = IdentifierConflict::kRefuse);

  [[nodiscard]] std::optional<RowId> find(std::string_view identifier) const;
  // `namespace:value`, the canonical one first, then in order of linking.
  [[nodiscard]] std::vector<std::string> identifiers(RowId row) const;
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  friend class SnapshotWalk;
  struct NameSpace {
    std::string name;
    IdTable table;
    AlignedBuffer<std::uint32_t> row_of_code;
  };
  // One identifier of a contact, chained to the next one of the same contact.
  struct Link {
    std::uint32_t code = 0;
    std::uint32_t name_space = 0;
    std::uint32_t next_plus_one = 0;
  };
  [[nodiscard]] const NameSpace* find_name_space(std::string_view name) const noexcept;
  // The row that the identifier of a well-formed link leads to.
  [[nodiscard]] Result<std::optional<std::uint32_t>> owner_of(const NewLink& link) const;
  [[nodiscard]] Status conflict(std::uint32_t owner, const NewLink& link) const;
  // `tails` has the last identifier, plus one, of rows that were given one by this call of link():
  // a contact of many is not walked from its first one for each.
  void add(const NewLink& link, std::unordered_map<std::uint32_t, std::uint32_t>& tails);

  IdTable canonical_;
  std::vector<std::unique_ptr<NameSpace>> name_spaces_;
  AlignedBuffer<std::uint32_t> first_link_plus_one_;  // by row, as far as there are links
  AlignedBuffer<Link> links_;
};

// What rows are sorted by to get the byte order of their texts. The prefix decides most pairs
// without a look at the texts.
struct IdOrderKey {
  std::uint64_t prefix = 0;  // the first eight bytes, big endian, zero padded
  std::uint32_t row = 0;
};
IdOrderKey make_id_order_key(const IdTexts& texts, std::uint32_t row) noexcept;
bool id_order_less(const IdTexts& texts, const IdOrderKey& a, const IdOrderKey& b) noexcept;

}  // namespace quintile
