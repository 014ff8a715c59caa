#include "catalogue/catalogue_edit.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "query/name_hint.hpp"
#include "query/text_position.hpp"
#include "status/try.hpp"

namespace quintile {
namespace {

constexpr std::size_t kMaxIdBytes = 256;

Status about(const SegmentDefinition& definition, const Status& status) {
  return {status.code(), "segment '" + definition.name + "': " + std::string(status.message())};
}

Status wrong(std::string_view message, StatusCode code = StatusCode::kInvalidArgument) {
  return {code, message};
}

Status check_text(std::string_view what, std::string_view text, std::size_t limit) {
  if (text.size() > limit) {
    return wrong("expected " + std::string(what) + " of at most " + std::to_string(limit) +
                     " bytes, got " + std::to_string(text.size()),
                 StatusCode::kOutOfRange);
  }
  if (const auto bad = find_bad_text(text)) {
    return wrong(std::string(what) + ": " + bad->message);
  }
  return {};
}

// Sorted, each once.
Result<std::shared_ptr<const std::vector<std::string>>> take_contacts(
    const std::shared_ptr<const std::vector<std::string>>& given) {
  auto contacts = std::make_shared<std::vector<std::string>>();
  if (given == nullptr) {
    return std::shared_ptr<const std::vector<std::string>>(std::move(contacts));
  }
  for (const std::string& id : *given) {
    if (id.empty()) {
      return wrong("expected ids of contacts, got an empty one");
    }
    QUINTILE_TRY(check_text("ids of contacts", id, kMaxIdBytes));
  }
  if (std::is_sorted(given->begin(), given->end(), std::less_equal<>()) &&
      given->size() <= kMaxListContacts) {
    return given;
  }
  *contacts = *given;
  std::sort(contacts->begin(), contacts->end());
  contacts->erase(std::unique(contacts->begin(), contacts->end()), contacts->end());
  if (contacts->size() > kMaxListContacts) {
    return wrong("expected at most " + std::to_string(kMaxListContacts) + " contacts, got " +
                     std::to_string(contacts->size()),
                 StatusCode::kOutOfRange);
  }
  return std::shared_ptr<const std::vector<std::string>>(std::move(contacts));
}

std::vector<std::string_view> names_of(std::span<const CatalogueSegment> segments,
                                       bool lists_only) {
  std::vector<std::string_view> names;
  for (const CatalogueSegment& segment : segments) {
    if (!lists_only || segment.definition.kind == SegmentKind::kStatic) {
      names.push_back(segment.definition.name);
    }
  }
  return names;
}

Status check_uses(const CatalogueSegment& segment, std::span<const CatalogueSegment> segments) {
  for (const std::string& name : segment.uses.segments) {
    // Classes of models are not in the catalogue, but have a point in their names.
    if (position_of(segments, name) == segments.size() && name.find('.') == name.npos) {
      return about(segment.definition, wrong("unknown segment " + quoted_for_message(name) +
                                                 known_names_hint(name, names_of(segments, false)),
                                             StatusCode::kNotFound));
    }
  }
  for (const std::string& name : segment.uses.lists) {
    const std::size_t position = position_of(segments, name);
    if (position == segments.size() || segments[position].definition.kind != SegmentKind::kStatic) {
      return about(segment.definition,
                   wrong("expected a static segment in in_list(), got " + quoted_for_message(name) +
                         known_names_hint(name, names_of(segments, true))));
    }
  }
  return {};
}

Status check_cycles(std::span<const CatalogueSegment> segments) {
  const SegmentOrder order = order_segments(uses_of(segments));
  if (order.cycle.empty()) {
    return {};
  }
  std::string path;
  for (const std::uint32_t position : order.cycle) {
    path += (path.empty() ? "" : " -> ") + segments[position].definition.name;
  }
  return wrong("segments use each other in a circle: " + path);
}

Status check_list_bytes(std::span<const CatalogueSegment> segments) {
  std::size_t bytes = 0;
  for (const CatalogueSegment& segment : segments) {
    if (segment.definition.contacts != nullptr) {
      for (const std::string& id : *segment.definition.contacts) {
        bytes += id.size();
      }
    }
  }
  if (bytes > kMaxListBytes) {
    return wrong("expected at most " + std::to_string(kMaxListBytes) +
                     " bytes of ids in all lists together, got " + std::to_string(bytes),
                 StatusCode::kOutOfRange);
  }
  return {};
}

std::string list_change(const std::vector<std::string>& before,
                        const std::vector<std::string>& after) {
  std::vector<std::string> both;
  std::set_intersection(before.begin(), before.end(), after.begin(), after.end(),
                        std::back_inserter(both));
  return "changed the list: " + std::to_string(after.size() - both.size()) + " added, " +
         std::to_string(before.size() - both.size()) + " removed";
}

std::string action_of(const SegmentDefinition& before, const SegmentDefinition& after) {
  if (before.kind != after.kind) {
    return "became " + std::string(segment_kind_name(after.kind));
  }
  return after.kind == SegmentKind::kDynamic ? "changed the expression"
                                             : list_change(*before.contacts, *after.contacts);
}

bool same(const SegmentDefinition& left, const SegmentDefinition& right) {
  return left.kind == right.kind && left.where == right.where &&
         (left.kind == SegmentKind::kDynamic || left.contacts == right.contacts ||
          *left.contacts == *right.contacts);
}

// The oldest go first; the last stays.
void forget_old_versions(std::vector<SegmentVersion>& versions) {
  std::size_t kept = 1;
  std::size_t bytes = versions.back().where.size();
  while (kept < std::min(versions.size(), kMaxSegmentVersions)) {
    bytes += versions[versions.size() - kept - 1].where.size();
    if (bytes > kMaxSegmentHistoryBytes) {
      break;
    }
    ++kept;
  }
  versions.erase(versions.begin(), versions.end() - static_cast<std::ptrdiff_t>(kept));
}

}  // namespace

Status check_segment_name(std::string_view name) {
  if (!is_segment_name(name)) {
    return wrong("expected a name such as 'new-buyers' ([a-z0-9][a-z0-9_.-]{0,63}), got " +
                 quoted_for_message(name));
  }
  return {};
}

Status check_change(const SegmentChange& change) {
  QUINTILE_TRY(check_text("an author", change.author, kMaxChangeAuthorBytes));
  return check_text("a note", change.note, kMaxChangeNoteBytes);
}

Status take_definition(const SegmentDefinition& definition, CatalogueSegment& out) {
  QUINTILE_TRY(check_segment_name(definition.name));
  out.definition.name = definition.name;
  out.definition.kind = definition.kind;
  out.definition.where.clear();
  out.definition.contacts = nullptr;
  out.canonical.clear();
  out.uses = {};
  if (definition.kind == SegmentKind::kClass) {
    return about(definition, wrong("classes of models are segments by themselves"));
  }
  if (definition.kind == SegmentKind::kStatic) {
    auto contacts = take_contacts(definition.contacts);
    if (!contacts.ok()) {
      return about(definition, contacts.status());
    }
    out.definition.contacts = std::move(contacts).value();
    return {};
  }
  const Result<Expression> where = Expression::parse(definition.where);
  if (!where.ok()) {
    return about(definition, where.status());
  }
  out.definition.where = definition.where;
  out.canonical = where->to_string();
  out.uses = where->references();
  return {};
}

std::size_t position_of(std::span<const CatalogueSegment> segments,
                        std::string_view name) noexcept {
  const auto found = std::lower_bound(segments.begin(), segments.end(), name,
                                      [](const CatalogueSegment& segment, std::string_view n) {
                                        return segment.definition.name < n;
                                      });
  return found == segments.end() || found->definition.name != name
             ? segments.size()
             : static_cast<std::size_t>(found - segments.begin());
}

SegmentUses uses_of(std::span<const CatalogueSegment> segments) {
  SegmentUses uses(segments.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    std::set<std::uint32_t> used;
    for (const auto* names : {&segments[i].uses.segments, &segments[i].uses.lists}) {
      for (const std::string& name : *names) {
        const std::size_t position = position_of(segments, name);
        if (position < segments.size()) {
          used.insert(static_cast<std::uint32_t>(position));
        }
      }
    }
    uses[i].assign(used.begin(), used.end());
  }
  return uses;
}

Status CatalogueEdit::unknown(std::string_view name) const {
  return wrong("unknown segment " + quoted_for_message(name) +
                   known_names_hint(name, names_of(catalogue_.segments_, false)),
               StatusCode::kNotFound);
}

void CatalogueEdit::add_version(CatalogueSegment& segment, std::string action) const {
  SegmentVersion version;
  version.number = segment.versions.empty() ? 1 : segment.versions.back().number + 1;
  version.change = change_;
  version.action = std::move(action);
  version.name = segment.definition.name;
  version.where = segment.definition.where;
  version.contacts =
      segment.definition.contacts == nullptr ? 0 : segment.definition.contacts->size();
  segment.versions.push_back(std::move(version));
  forget_old_versions(segment.versions);
}

Status CatalogueEdit::put_one(const SegmentDefinition& definition) {
  CatalogueSegment taken;
  QUINTILE_TRY(take_definition(definition, taken));
  auto& segments = catalogue_.segments_;
  const std::size_t position = position_of(segments, definition.name);
  if (position == segments.size()) {
    taken.id = catalogue_.next_id_++;
    add_version(taken, "created");
    const auto place = std::upper_bound(segments.begin(), segments.end(), definition.name,
                                        [](const std::string& n, const CatalogueSegment& segment) {
                                          return n < segment.definition.name;
                                        });
    segments.insert(place, std::move(taken));
    changed_ = true;
    return {};
  }
  CatalogueSegment& known = segments[position];
  if (same(known.definition, taken.definition)) {
    return {};
  }
  taken.id = known.id;
  taken.versions = std::move(known.versions);
  add_version(taken, action_of(known.definition, taken.definition));
  known = std::move(taken);
  changed_ = true;
  return {};
}

Status CatalogueEdit::put(std::span<const SegmentDefinition> definitions) {
  std::set<std::string_view> names;
  for (const SegmentDefinition& definition : definitions) {
    if (!names.insert(definition.name).second) {
      return wrong("expected names that differ, got " + quoted_for_message(definition.name) +
                   " twice");
    }
    QUINTILE_TRY(put_one(definition));
  }
  return {};
}

Status CatalogueEdit::rename(std::string_view name, std::string_view new_name) {
  auto& segments = catalogue_.segments_;
  const std::size_t position = position_of(segments, name);
  if (position == segments.size()) {
    return unknown(name);
  }
  QUINTILE_TRY(check_segment_name(new_name));
  if (name == new_name) {
    return {};
  }
  if (position_of(segments, new_name) != segments.size()) {
    return wrong("expected a name that is free, got " + quoted_for_message(new_name),
                 StatusCode::kAlreadyExists);
  }
  const std::string old(name);
  segments[position].definition.name = new_name;
  add_version(segments[position], "renamed from '" + old + "'");
  for (CatalogueSegment& segment : segments) {
    const auto& [names, lists] = segment.uses;
    if (std::find(names.begin(), names.end(), old) == names.end() &&
        std::find(lists.begin(), lists.end(), old) == lists.end()) {
      continue;
    }
    SegmentDefinition definition = segment.definition;
    definition.where =
        Expression::parse(segment.canonical)->with_name_replaced(old, new_name).to_string();
    QUINTILE_TRY(take_definition(definition, segment));
    add_version(segment, "'" + old + "' is now '" + std::string(new_name) + "'");
  }
  std::sort(segments.begin(), segments.end(),
            [](const CatalogueSegment& left, const CatalogueSegment& right) {
              return left.definition.name < right.definition.name;
            });
  changed_ = true;
  return {};
}

Status CatalogueEdit::remove(std::string_view name) {
  auto& segments = catalogue_.segments_;
  const std::size_t position = position_of(segments, name);
  if (position == segments.size()) {
    return unknown(name);
  }
  std::string users;
  for (const std::string& user : catalogue_.users_of(name)) {
    users += (users.empty() ? "" : ", ") + user;
  }
  if (!users.empty()) {
    return wrong("expected a segment that no other uses, got " + quoted_for_message(name) +
                 ", used by " + users);
  }
  auto& removals = catalogue_.removals_;
  removals.push_back({segments[position].id, std::string(name), change_});
  if (removals.size() > kMaxRemovals) {
    removals.erase(removals.begin());
  }
  segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(position));
  changed_ = true;
  return {};
}

Status CatalogueEdit::check(std::span<const CatalogueSegment> segments) {
  if (segments.size() > kMaxSegments) {
    return wrong("expected at most " + std::to_string(kMaxSegments) + " segments, got " +
                     std::to_string(segments.size()),
                 StatusCode::kOutOfRange);
  }
  for (const CatalogueSegment& segment : segments) {
    QUINTILE_TRY(check_uses(segment, segments));
  }
  QUINTILE_TRY(check_cycles(segments));
  return check_list_bytes(segments);
}

Result<Catalogue> CatalogueEdit::finish() {
  QUINTILE_TRY(check_change(change_));
  QUINTILE_TRY(check(catalogue_.segments_));
  catalogue_.revision_ += changed_ ? 1 : 0;
  return std::move(catalogue_);
}

}  // namespace quintile
