#include "storage/contact_directory.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace quintile {

namespace {

constexpr std::size_t kMaxNamespaceBytes = 32;

// The length of the UTF-8 sequence at the front of `text`, 0 if it is not one.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) {
    return 1;
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      return 0;
    }
  }
  const unsigned char second = byte(1);  // overlong forms, surrogates, beyond U+10FFFF
  const bool bad = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                   (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  return bad ? 0 : length;
}

bool is_name_space_byte(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

std::string_view id_defect(std::string_view id) noexcept {
  if (id.empty()) {
    return "it is empty";
  }
  if (id.size() > kMaxIdentifierBytes) {
    return "it is longer than 256 bytes";
  }
  while (!id.empty()) {
    if (id.front() == '\0') {
      return "it has a NUL byte";
    }
    const std::size_t length = sequence_length(id);
    if (length == 0) {
      return "it is not valid UTF-8";
    }
    id.remove_prefix(length);
  }
  return {};
}

std::optional<IdentifierParts> split_identifier(std::string_view identifier) noexcept {
  const std::size_t colon = identifier.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > kMaxNamespaceBytes) {
    return std::nullopt;
  }
  const std::string_view name_space = identifier.substr(0, colon);
  if (!std::all_of(name_space.begin(), name_space.end(), is_name_space_byte)) {
    return std::nullopt;
  }
  const std::string_view value = identifier.substr(colon + 1);
  return id_defect(value).empty() ? std::optional(IdentifierParts{name_space, value})
                                  : std::nullopt;
}

const ContactDirectory::NameSpace* ContactDirectory::find_name_space(
    std::string_view name) const noexcept {
  for (const auto& name_space : name_spaces_) {
    if (name_space->name == name) {
      return name_space.get();
    }
  }
  return nullptr;
}

Status ContactDirectory::conflict(std::uint32_t owner, const NewLink& link) const {
  std::string message =
      "the identifier '" + std::string(link.identifier) + "' belongs to contact '";
  ids().append(owner, message);
  message += "', it cannot also be given to '";
  ids().append(link.row, message);
  return {StatusCode::kInvalidArgument, message + "'"};
}

Result<std::optional<std::uint32_t>> ContactDirectory::owner_of(const NewLink& link) const {
  const std::optional<IdentifierParts> parts = split_identifier(link.identifier);
  if (!parts) {
    return Status(StatusCode::kInvalidArgument, "expected an identifier namespace:value, got '" +
                                                    std::string(link.identifier) + "'");
  }
  if (parts->name_space == kCanonicalNamespace) {
    return Status(StatusCode::kInvalidArgument,
                  "the namespace 'id' is that of the external id itself, got '" +
                      std::string(link.identifier) + "'");
  }
  const NameSpace* name_space = find_name_space(parts->name_space);
  const std::uint32_t code =
      name_space == nullptr ? kNoCode : name_space->table.find(make_id_key(parts->value));
  return code == kNoCode ? std::nullopt : std::optional(name_space->row_of_code[code]);
}

Result<std::uint64_t> ContactDirectory::link(std::span<const NewLink> links,
                                             IdentifierConflict on_conflict) {
  std::unordered_map<std::string_view, std::uint32_t> owners;
  std::unordered_set<std::string_view> new_name_spaces;
  std::vector<const NewLink*> accepted;
  std::uint64_t conflicts = 0;
  for (const NewLink& link : links) {
    const Result<std::optional<std::uint32_t>> known = owner_of(link);
    if (!known.ok()) {
      return known.status();
    }
    const std::uint32_t owner =
        owners.try_emplace(link.identifier, known->value_or(link.row)).first->second;
    if (owner != link.row) {
      if (on_conflict == IdentifierConflict::kRefuse) {
        return conflict(owner, link);
      }
      ++conflicts;
      continue;
    }
    accepted.push_back(&link);
    const std::string_view name = split_identifier(link.identifier)->name_space;
    if (find_name_space(name) == nullptr && new_name_spaces.insert(name).second &&
        name_spaces_.size() + new_name_spaces.size() > kMaxNamespaces) {
      return Status(StatusCode::kOutOfRange,
                    "expected at most 64 namespaces of identifiers, got '" + std::string(name) +
                        "' beside them");
    }
  }
  std::unordered_map<std::uint32_t, std::uint32_t> tails;
  for (const NewLink* link : accepted) {
    add(*link, tails);
  }
  return conflicts;
}

void ContactDirectory::add(const NewLink& link,
                           std::unordered_map<std::uint32_t, std::uint32_t>& tails) {
  const IdentifierParts parts = *split_identifier(link.identifier);
  const auto position = static_cast<std::size_t>(
      std::find_if(name_spaces_.begin(), name_spaces_.end(),
                   [&](const auto& known) { return known->name == parts.name_space; }) -
      name_spaces_.begin());
  if (position == name_spaces_.size()) {
    name_spaces_.push_back(std::make_unique<NameSpace>());
    name_spaces_.back()->name = std::string(parts.name_space);
  }
  NameSpace& name_space = *name_spaces_[position];
  const std::uint32_t known = name_space.table.size();
  const std::uint32_t code = name_space.table.insert(make_id_key(parts.value));
  if (code < known) {
    return;  // check() has seen that it leads here
  }
  name_space.row_of_code.push_back(link.row);
  if (link.row >= first_link_plus_one_.size()) {
    first_link_plus_one_.resize(std::size_t{link.row} + 1);
  }
  const auto next = static_cast<std::uint32_t>(links_.size()) + 1;
  std::uint32_t& last = tails[link.row];
  std::uint32_t* tail =
      last == 0 ? &first_link_plus_one_[link.row] : &links_[last - 1].next_plus_one;
  while (*tail != 0) {
    tail = &links_[*tail - 1].next_plus_one;
  }
  *tail = next;
  last = next;
  links_.push_back({code, static_cast<std::uint32_t>(position), 0});
}

Result<std::uint32_t> ContactDirectory::resolve_identifiers(
    std::span<const std::string_view> identifiers) {
  for (const std::string_view identifier : identifiers) {
    if (const std::optional<RowId> known = find(identifier)) {
      return static_cast<std::uint32_t>(to_index(*known));
    }
  }
  std::vector<NewLink> links;
  const std::uint32_t before = size();
  // An external id that happens to be spelt like the identifier is the same visitor.
  const std::uint32_t row = canonical_.insert(make_id_key(identifiers.front()));
  for (const std::string_view identifier : identifiers) {
    links.push_back({row, identifier});
  }
  if (const Result<std::uint64_t> linked = link(links); !linked.ok()) {
    truncate(before);
    return linked.status();
  }
  return row;
}

std::optional<RowId> ContactDirectory::find(std::string_view identifier) const {
  const std::optional<IdentifierParts> parts = split_identifier(identifier);
  if (!parts) {
    return std::nullopt;
  }
  const IdKey key = make_id_key(parts->value);
  if (parts->name_space == kCanonicalNamespace) {
    const std::uint32_t row = canonical_.find(key);
    return row == kNoCode ? std::nullopt : std::optional(to_row(row));
  }
  const NameSpace* name_space = find_name_space(parts->name_space);
  const std::uint32_t code = name_space == nullptr ? kNoCode : name_space->table.find(key);
  return code == kNoCode ? std::nullopt : std::optional(to_row(name_space->row_of_code[code]));
}

std::vector<std::string> ContactDirectory::identifiers(RowId row) const {
  const std::size_t index = to_index(row);
  std::vector<std::string> all;
  all.push_back(std::string(kCanonicalNamespace) + ':');
  ids().append(static_cast<std::uint32_t>(index), all.back());
  std::uint32_t next = index < first_link_plus_one_.size() ? first_link_plus_one_[index] : 0;
  while (next != 0) {
    const Link& link = links_[next - 1];
    const NameSpace& name_space = *name_spaces_[link.name_space];
    all.push_back(name_space.name + ':');
    name_space.table.texts().append(link.code, all.back());
    next = link.next_plus_one;
  }
  return all;
}

std::size_t ContactDirectory::memory_bytes() const noexcept {
  std::size_t bytes =
      canonical_.memory_bytes() + first_link_plus_one_.memory_bytes() + links_.memory_bytes();
  for (const auto& name_space : name_spaces_) {
    bytes += name_space->table.memory_bytes() + name_space->row_of_code.memory_bytes();
  }
  return bytes;
}

IdOrderKey make_id_order_key(const IdTexts& texts, std::uint32_t row) noexcept {
  std::array<char, 24> scratch{};
  const std::string_view text = texts.view(row, scratch);
  IdOrderKey key{0, row};
  for (std::size_t i = 0; i < 8; ++i) {
    key.prefix = (key.prefix << 8) | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  }
  return key;
}

bool id_order_less(const IdTexts& texts, const IdOrderKey& a, const IdOrderKey& b) noexcept {
  if (a.prefix != b.prefix) {
    return a.prefix < b.prefix;
  }
  std::array<char, 24> scratch_a{};
  std::array<char, 24> scratch_b{};
  // Ids have no NUL bytes, so a padded prefix never equals a longer one's; the rest decides.
  return texts.view(a.row, scratch_a) < texts.view(b.row, scratch_b);
}

}  // namespace quintile
