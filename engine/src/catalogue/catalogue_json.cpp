// The file format of the catalogue.
#include <algorithm>
#include <exception>
#include <simdjson.h>
#include <string>
#include <string_view>

#include "catalogue/catalogue_edit.hpp"
#include "query/json_pointer.hpp"
#include "query/json_text.hpp"
#include "query/name_hint.hpp"
#include "status/try.hpp"

namespace quintile {
namespace {

constexpr std::string_view kFormat = "quintile.catalogue";
constexpr std::uint64_t kFormatVersion = 1;
constexpr std::size_t kMaxActionBytes = 512;

Status too_large(std::size_t bytes) {
  return {StatusCode::kOutOfRange, "catalogue: expected at most " +
                                       std::to_string(kMaxCatalogueBytes) + " bytes, got " +
                                       std::to_string(bytes)};
}

void append_change(const SegmentChange& change, std::string& out) {
  out.append("\"time_us\":").append(std::to_string(change.time_us)).append(",\"author\":");
  append_json_string(change.author, out);
  if (!change.note.empty()) {
    out.append(",\"note\":");
    append_json_string(change.note, out);
  }
}

void append_version(const SegmentVersion& version, SegmentKind kind, std::string& out) {
  out.append("{\"version\":").append(std::to_string(version.number)).append(",\"action\":");
  append_json_string(version.action, out);
  out.append(",");
  append_change(version.change, out);
  out.append(",\"name\":");
  append_json_string(version.name, out);
  // What it was when it was of the other kind may be there too.
  if (kind == SegmentKind::kDynamic || !version.where.empty()) {
    out.append(",\"where\":");
    append_json_string(version.where, out);
  }
  if (kind == SegmentKind::kStatic || version.contacts != 0) {
    out.append(",\"contacts\":").append(std::to_string(version.contacts));
  }
  out.append("}");
}

void append_segment(const CatalogueSegment& segment, std::string& out) {
  const SegmentDefinition& definition = segment.definition;
  out.append("{\"id\":").append(std::to_string(segment.id)).append(",\"name\":");
  append_json_string(definition.name, out);
  if (definition.kind == SegmentKind::kDynamic) {
    out.append(",\"where\":");
    append_json_string(definition.where, out);
  } else {
    out.append(",\"contacts\":[");
    for (const std::string& id : *definition.contacts) {
      out.append(&id == definition.contacts->data() ? "" : ",");
      append_json_string(id, out);
    }
    out.append("]");
  }
  out.append(",\"versions\":[");
  for (const SegmentVersion& version : segment.versions) {
    out.append(&version == segment.versions.data() ? "\n  " : ",\n  ");
    append_version(version, definition.kind, out);
  }
  out.append("]}");
}

}  // namespace

// Reads the format. What is read is then checked as a change of a catalogue is.
class CatalogueReader {
 public:
  Result<Catalogue> read(std::string_view json);

 private:
  using Element = simdjson::dom::element;
  using Object = simdjson::dom::object;
  using Array = simdjson::dom::array;

  using Step = JsonPointerStep;

  [[nodiscard]] Status error(std::string_view message,
                             StatusCode code = StatusCode::kInvalidArgument) const {
    return {code,
            "catalogue: " + (pointer_.empty() ? "/" : pointer_) + ": " + std::string(message)};
  }
  [[nodiscard]] Status at(std::string_view key, const Status& status) {
    const Step step(pointer_, key);
    return error(status.message(), status.code());
  }

  Result<Object> object(const Element& value) {
    Object found;
    if (value.get(found) != simdjson::SUCCESS) {
      return error("expected an object");
    }
    return found;
  }
  template <class T>
  Result<T> field(const Object& object, std::string_view key, std::string_view expected) {
    const Step step(pointer_, key);
    T value{};
    if (object[key].get(value) != simdjson::SUCCESS) {
      return error("expected " + std::string(expected));
    }
    return value;
  }
  Result<std::uint64_t> number(const Object& object, std::string_view key) {
    return field<std::uint64_t>(object, key, "a whole number from 0");
  }
  Result<std::string> text(const Object& object, std::string_view key) {
    QUINTILE_ASSIGN_OR_RETURN(const std::string_view text,
                              field<std::string_view>(object, key, "text"));
    return std::string(text);
  }
  // Empty if the key is absent.
  Result<std::string> optional_text(const Object& object, std::string_view key) {
    return has(object, key) ? text(object, key) : Result<std::string>(std::string());
  }
  static bool has(const Object& object, std::string_view key) {
    return object[key].error() == simdjson::SUCCESS;
  }

  Status read_header(const Object& root);
  Status read_segment(const Object& object);
  Status read_version(const Object& object, CatalogueSegment& segment);
  Status read_versions(const Array& items, CatalogueSegment& segment);
  Status read_removal(const Object& object);
  Result<SegmentDefinition> read_definition(const Object& object);
  Result<SegmentChange> read_change(const Object& object);
  Status read_id(const Object& object, std::uint64_t& id);
  Status check_ids();

  // Calls `read` with every object of the list `key`.
  template <class Read>
  Status each(const Object& object, std::string_view key, std::size_t limit, const Read& read) {
    QUINTILE_ASSIGN_OR_RETURN(const Array items, field<Array>(object, key, "a list"));
    const Step step(pointer_, key);
    std::size_t position = 0;
    for (const Element item : items) {
      const Step item_step(pointer_, std::to_string(position));
      if (position++ == limit) {
        return error("expected at most " + std::to_string(limit), StatusCode::kOutOfRange);
      }
      QUINTILE_ASSIGN_OR_RETURN(const Object found, this->object(item));
      QUINTILE_TRY(read(found));
    }
    return {};
  }

  std::string pointer_;
  Catalogue catalogue_;
};

Status CatalogueReader::read_header(const Object& root) {
  QUINTILE_ASSIGN_OR_RETURN(const std::string format, text(root, "format"));
  if (format != kFormat) {
    return error("expected the format '" + std::string(kFormat) + "', got " +
                 quoted_for_message(format));
  }
  QUINTILE_ASSIGN_OR_RETURN(const std::uint64_t version, number(root, "version"));
  if (version > kFormatVersion) {
    return error("expected a format version of at most " + std::to_string(kFormatVersion) +
                     ", got " + std::to_string(version) + ", written by a later release",
                 StatusCode::kUnavailable);
  }
  if (version == 0) {
    return error("expected a format version from 1, got 0");
  }
  QUINTILE_ASSIGN_OR_RETURN(catalogue_.revision_, number(root, "revision"));
  QUINTILE_ASSIGN_OR_RETURN(catalogue_.next_id_, number(root, "next_id"));
  return {};
}

Result<SegmentChange> CatalogueReader::read_change(const Object& object) {
  SegmentChange change;
  QUINTILE_ASSIGN_OR_RETURN(change.time_us,
                            field<std::int64_t>(object, "time_us", "a whole number"));
  QUINTILE_ASSIGN_OR_RETURN(change.author, text(object, "author"));
  QUINTILE_ASSIGN_OR_RETURN(change.note, optional_text(object, "note"));
  if (Status status = check_change(change); !status.ok()) {
    return error(status.message(), status.code());
  }
  return change;
}

Status CatalogueReader::read_id(const Object& object, std::uint64_t& id) {
  QUINTILE_ASSIGN_OR_RETURN(id, number(object, "id"));
  if (id == 0 || id >= catalogue_.next_id_) {
    return error("expected an id from 1, below next_id, got " + std::to_string(id));
  }
  return {};
}

Status CatalogueReader::read_version(const Object& object, CatalogueSegment& segment) {
  SegmentVersion version;
  QUINTILE_ASSIGN_OR_RETURN(const std::uint64_t number, this->number(object, "version"));
  const std::uint64_t before = segment.versions.empty() ? 0 : segment.versions.back().number;
  if (number <= before || number > UINT32_MAX) {
    return error("expected ascending numbers of versions, got " + std::to_string(number));
  }
  version.number = static_cast<std::uint32_t>(number);
  QUINTILE_ASSIGN_OR_RETURN(version.change, read_change(object));
  QUINTILE_ASSIGN_OR_RETURN(version.action, text(object, "action"));
  QUINTILE_ASSIGN_OR_RETURN(version.name, text(object, "name"));
  QUINTILE_ASSIGN_OR_RETURN(version.where, optional_text(object, "where"));
  if (has(object, "contacts")) {
    QUINTILE_ASSIGN_OR_RETURN(version.contacts, this->number(object, "contacts"));
  }
  if (version.action.size() > kMaxActionBytes || version.where.size() > kMaxExpressionBytes) {
    return error("expected an action and an expression of ordinary length",
                 StatusCode::kOutOfRange);
  }
  if (Status status = check_segment_name(version.name); !status.ok()) {
    return at("name", status);
  }
  segment.versions.push_back(std::move(version));
  return {};
}

Result<SegmentDefinition> CatalogueReader::read_definition(const Object& object) {
  SegmentDefinition definition;
  QUINTILE_ASSIGN_OR_RETURN(definition.name, text(object, "name"));
  if (!has(object, "contacts")) {
    QUINTILE_ASSIGN_OR_RETURN(definition.where, text(object, "where"));
    return definition;
  }
  if (has(object, "where")) {
    return error("expected either 'where' or 'contacts', got both");
  }
  definition.kind = SegmentKind::kStatic;
  QUINTILE_ASSIGN_OR_RETURN(const Array items, field<Array>(object, "contacts", "a list"));
  const Step step(pointer_, "contacts");
  auto contacts = std::make_shared<std::vector<std::string>>();
  for (const Element item : items) {
    std::string_view id;
    if (item.get(id) != simdjson::SUCCESS) {
      return error("expected ids as text");
    }
    if (contacts->size() == kMaxListContacts) {
      return error("expected at most " + std::to_string(kMaxListContacts) + " contacts",
                   StatusCode::kOutOfRange);
    }
    contacts->emplace_back(id);
  }
  definition.contacts = std::move(contacts);
  return definition;
}

Status CatalogueReader::read_segment(const Object& object) {
  CatalogueSegment segment;
  QUINTILE_TRY(read_id(object, segment.id));
  QUINTILE_ASSIGN_OR_RETURN(const SegmentDefinition definition, read_definition(object));
  if (Status status = take_definition(definition, segment); !status.ok()) {
    return error(status.message(), status.code());
  }
  QUINTILE_TRY(each(object, "versions", kMaxSegmentVersions,
                    [&](const Object& item) { return read_version(item, segment); }));
  if (segment.versions.empty()) {
    return error("expected at least one version");
  }
  const auto& segments = catalogue_.segments_;
  if (!segments.empty() && segments.back().definition.name >= definition.name) {
    return error("expected names that ascend, got " + quoted_for_message(definition.name) +
                 " after " + quoted_for_message(segments.back().definition.name));
  }
  catalogue_.segments_.push_back(std::move(segment));
  return {};
}

Status CatalogueReader::read_removal(const Object& object) {
  SegmentRemoval removal;
  QUINTILE_TRY(read_id(object, removal.id));
  QUINTILE_ASSIGN_OR_RETURN(removal.name, text(object, "name"));
  if (Status status = check_segment_name(removal.name); !status.ok()) {
    return at("name", status);
  }
  QUINTILE_ASSIGN_OR_RETURN(removal.change, read_change(object));
  catalogue_.removals_.push_back(std::move(removal));
  return {};
}

// No id twice, not even one that is gone.
Status CatalogueReader::check_ids() {
  std::vector<std::uint64_t> ids;
  for (const CatalogueSegment& segment : catalogue_.segments_) {
    ids.push_back(segment.id);
  }
  for (const SegmentRemoval& removal : catalogue_.removals_) {
    ids.push_back(removal.id);
  }
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  return twice == ids.end()
             ? Status()
             : error("expected ids that differ, got " + std::to_string(*twice) + " twice");
}

Result<Catalogue> CatalogueReader::read(std::string_view json) {
  if (json.size() > kMaxCatalogueBytes) {
    return too_large(json.size());
  }
  simdjson::dom::parser parser;
  Element value;
  const simdjson::error_code code = parser.parse(json.data(), json.size()).get(value);
  if (code != simdjson::SUCCESS) {
    return error("expected JSON, got text that is none: " +
                 std::string(simdjson::error_message(code)));
  }
  QUINTILE_ASSIGN_OR_RETURN(const Object root, object(value));
  QUINTILE_TRY(read_header(root));
  QUINTILE_TRY(each(root, "segments", kMaxSegments,
                    [this](const Object& item) { return read_segment(item); }));
  QUINTILE_TRY(each(root, "removed", kMaxRemovals,
                    [this](const Object& item) { return read_removal(item); }));
  QUINTILE_TRY(check_ids());
  if (Status status = CatalogueEdit::check(catalogue_.segments_); !status.ok()) {
    return at("segments", status);
  }
  return std::move(catalogue_);
}

Result<Catalogue> Catalogue::from_json(std::string_view json) noexcept {
  try {
    return CatalogueReader().read(json);
  } catch (const std::exception& error) {
    return Status(StatusCode::kInternal, error.what());
  }
}

Result<std::string> Catalogue::to_json() const noexcept {
  try {
    std::string out = "{\"format\":";
    append_json_string(kFormat, out);
    out.append(",\"version\":").append(std::to_string(kFormatVersion));
    out.append(",\"revision\":").append(std::to_string(revision_));
    out.append(",\"next_id\":").append(std::to_string(next_id_)).append(",\n\"segments\":[");
    for (const CatalogueSegment& segment : segments_) {
      out.append(&segment == segments_.data() ? "\n " : ",\n ");
      append_segment(segment, out);
      if (out.size() > kMaxCatalogueBytes) {
        return too_large(out.size());
      }
    }
    out.append("],\n\"removed\":[");
    for (const SegmentRemoval& removal : removals_) {
      out.append(&removal == removals_.data() ? "\n " : ",\n ");
      out.append("{\"id\":").append(std::to_string(removal.id)).append(",\"name\":");
      append_json_string(removal.name, out);
      out.append(",");
      append_change(removal.change, out);
      out.append("}");
    }
    out.append("]}\n");
    if (out.size() > kMaxCatalogueBytes) {
      return too_large(out.size());
    }
    return out;
  } catch (const std::exception& error) {
    return Status(StatusCode::kInternal, error.what());
  }
}

}  // namespace quintile
