#include "segtest_world.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "quintile/date_time.hpp"
#include "quintile/decimal.hpp"
#include "quintile/model.hpp"
#include "status/try.hpp"

namespace quintile::testing {

namespace {

constexpr std::array<std::string_view, 9> kTypeNames = {
    "bool", "int64", "decimal", "double", "date", "timestamp", "category", "tags", "consent"};

Status wrong(const std::string& message) { return {StatusCode::kInvalidArgument, message}; }

Result<DataType> type_named(const std::string& name) {
  const auto found = std::find(kTypeNames.begin(), kTypeNames.end(), name);
  if (found == kTypeNames.end()) {
    return wrong("no type '" + name + "'");
  }
  return static_cast<DataType>(found - kTypeNames.begin());
}

// TYPE or TYPE:DECIMALS.
Result<EventProperty> read_property(const std::string& name, const std::string& type) {
  EventProperty property;
  property.name = name;
  const std::size_t colon = type.find(':');
  QUINTILE_ASSIGN_OR_RETURN(property.type, type_named(type.substr(0, colon)));
  if (colon != std::string::npos) {
    property.decimals = std::stoi(type.substr(colon + 1));
  }
  return property;
}

std::string_view format_of(DataType type) {
  switch (type) {
    case DataType::kBool:
    case DataType::kConsent:
      return "b";
    case DataType::kDouble:
      return "g";
    case DataType::kDate:
      return "tdD";
    case DataType::kTimestamp:
      return "tsu:UTC";
    case DataType::kCategory:
      return "u";
    case DataType::kTags:
      return "+l";
    case DataType::kInt64:
    case DataType::kDecimal:
      break;
  }
  return "l";
}

Result<std::optional<std::int64_t>> read_integer(const SegtestCell& cell, DataType type,
                                                 int decimals, const TimeZone& zone) {
  if (!cell) {
    return std::optional<std::int64_t>{};
  }
  std::int64_t value = 0;
  if (type == DataType::kDate) {
    const std::optional<std::int32_t> day = parse_date(*cell);
    return day ? Result<std::optional<std::int64_t>>(std::optional<std::int64_t>(*day))
               : wrong("no date: " + *cell);
  }
  const bool is_read = type == DataType::kTimestamp
                           ? TimeReader(zone).read(*cell, value) == TimeError::kNone
                           : parse_minor_units(*cell, type == DataType::kDecimal ? decimals : 0,
                                               value) == DecimalError::kNone;
  return is_read ? Result<std::optional<std::int64_t>>(std::optional(value))
                 : wrong("no value of its column: " + *cell);
}

// {a, b}
std::vector<std::string> read_tags(std::string_view text) {
  std::vector<std::string> tags;
  std::string_view rest = text.substr(1, text.size() - 2);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view tag = rest.substr(0, end);
    tags.emplace_back(tag.substr(std::min(tag.find_first_not_of(' '), tag.size())));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return tags;
}

Status append(TestColumn& column, const SegtestCell& cell, DataType type, int decimals,
              const TimeZone& zone) {
  switch (type) {
    case DataType::kCategory:
      column.texts.push_back(cell);
      return {};
    case DataType::kTags:
      column.lists.push_back(cell ? std::optional(read_tags(*cell)) : std::nullopt);
      return {};
    case DataType::kBool:
    case DataType::kConsent:
      column.booleans.push_back(cell ? std::optional(*cell == "true") : std::nullopt);
      return {};
    case DataType::kDouble:
      column.reals.push_back(cell ? std::optional(std::stod(*cell)) : std::nullopt);
      return {};
    default:
      break;
  }
  QUINTILE_ASSIGN_OR_RETURN(const std::optional<std::int64_t> value,
                            read_integer(cell, type, decimals, zone));
  column.integers.push_back(value);
  return {};
}

}  // namespace

std::string copied_id(const std::string& contact, std::size_t copy) {
  return copy == 0 ? contact : contact + "~" + std::to_string(copy);
}

Status SegtestWorld::set_up(const SegtestStatement& statement) {
  const std::string& kind = statement.words[0];
  const std::vector<std::string>& words = statement.words;
  if (kind == "zone" && words.size() == 2) {
    zone_ = words[1];
    return {};
  }
  if (kind == "copies" && words.size() == 2 && words[1] == "none") {
    setting_.copies = 1;
    return {};
  }
  if (kind == "attributes") {
    for (const std::string& line : statement.body) {
      const std::vector<std::string> parts = split_words(line);
      QUINTILE_ASSIGN_OR_RETURN(const EventProperty property, read_property(parts[0], parts[1]));
      const bool is_consent = property.type == DataType::kConsent;
      attributes_.push_back({property.name, property.type, property.decimals,
                             is_consent ? parts.at(2) : "", is_consent ? parts.at(3) : ""});
    }
    return {};
  }
  if (kind == "event" || kind == "lines") {
    const std::size_t first = kind == "event" ? 2 : 1;
    EventType type{kind == "event" ? words.at(1) : ""};
    for (std::size_t i = first; i + 1 < words.size(); i += 2) {
      QUINTILE_ASSIGN_OR_RETURN(const EventProperty property,
                                read_property(words[i], words[i + 1]));
      type.properties.push_back(property);
    }
    if (kind == "event") {
      event_types_.push_back(std::move(type));
      return {};
    }
    for (const EventProperty& property : type.properties) {
      line_properties_.push_back({property.name, property.type, property.decimals});
    }
    return {};
  }
  QUINTILE_TRY(create());
  return kind == "contacts"  ? contacts(statement)
         : kind == "events"  ? events(statement)
         : kind == "orders"  ? orders(statement)
         : kind == "model"   ? model(statement)
         : kind == "segment" ? segment(statement)
         : kind == "list"    ? list(statement)
         : kind == "as_of"   ? recompute(statement)
                             : wrong("no statement '" + kind + "'");
}

Status SegtestWorld::create() {
  if (engine_) {
    return {};
  }
  EngineOptions options;
  options.time_zone = zone_;
  QUINTILE_ASSIGN_OR_RETURN(options.schema, Schema::create(attributes_));
  QUINTILE_ASSIGN_OR_RETURN(options.events, EventSchema::create(event_types_));
  QUINTILE_ASSIGN_OR_RETURN(options.arena, Arena::create(setting_.threads));
  QUINTILE_ASSIGN_OR_RETURN(engine_, Engine::create(std::move(options)));
  return {};
}

Result<std::vector<TestColumn>> SegtestWorld::read_table(const SegtestStatement& statement,
                                                         const std::vector<Field>& fields) const {
  if (statement.body.empty()) {
    return wrong("a table begins with the names of its columns");
  }
  std::string error;
  const std::optional<TimeZone> zone = TimeZone::find(zone_, error);
  if (!zone) {
    return wrong(error);
  }
  std::vector<TestColumn> columns;
  std::vector<Field> known;
  for (const SegtestCell& name : split_cells(statement.body[0])) {
    Field field{name.value_or(""), DataType::kCategory, 0};
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& other) { return other.name == field.name; });
    if (found != fields.end()) {
      field = *found;
    } else if (field.name == "time") {
      field.type = DataType::kTimestamp;
    }
    columns.push_back({field.name, std::string(format_of(field.type))});
    known.push_back(std::move(field));
  }
  for (std::size_t copy = 0; copy < setting_.copies; ++copy) {
    for (std::size_t row = 1; row < statement.body.size(); ++row) {
      std::vector<SegtestCell> cells = split_cells(statement.body[row]);
      if (cells.size() != columns.size()) {
        return wrong("expected " + std::to_string(columns.size()) +
                     " cells, got: " + statement.body[row]);
      }
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (known[i].name == "contact" && cells[i]) {
          cells[i] = copied_id(*cells[i], copy);
        }
        QUINTILE_TRY(append(columns[i], cells[i], known[i].type, known[i].decimals, *zone));
      }
    }
  }
  return columns;
}

Status SegtestWorld::contacts(const SegtestStatement& statement) {
  std::vector<Field> fields;
  for (const Attribute& attribute : attributes_) {
    fields.push_back({attribute.name, attribute.type, attribute.decimals});
  }
  QUINTILE_ASSIGN_OR_RETURN(std::vector<TestColumn> columns, read_table(statement, fields));
  ArrowArrayStream stream = make_stream(std::move(columns));
  return engine_->ingest_contacts(&stream).status();
}

Status SegtestWorld::events(const SegtestStatement& statement) {
  std::vector<Field> fields;
  for (const EventType& type : event_types_) {
    for (const EventProperty& property : type.properties) {
      fields.push_back({property.name, property.type, property.decimals});
    }
  }
  QUINTILE_ASSIGN_OR_RETURN(std::vector<TestColumn> columns, read_table(statement, fields));
  const std::vector<std::optional<std::string>> types(columns[0].size(), statement.words.at(1));
  columns.push_back(text_column("type", types));
  ArrowArrayStream stream = make_stream(std::move(columns));
  return engine_->ingest_events(&stream).status();
}

Status SegtestWorld::orders(const SegtestStatement& statement) {
  std::vector<Field> fields = line_properties_;
  fields.push_back({"amount", DataType::kDecimal, 2});
  fields.push_back({"quantity", DataType::kDecimal, 3});
  QUINTILE_ASSIGN_OR_RETURN(std::vector<TestColumn> columns, read_table(statement, fields));
  ArrowArrayStream stream = make_stream(std::move(columns));
  return engine_->ingest_orders(&stream).status();
}

// `model PRESET`, or its YAML below.
Status SegtestWorld::model(const SegtestStatement& statement) {
  Result<RfmModel> model = statement.words.size() == 2
                               ? rfm_preset(statement.words[1], 2)
                               : parse_rfm_model(statement.text() + "\n", "model.yaml", 2);
  return model.ok() ? engine_->define(*model) : model.status();
}

// `segment NAME`, its condition below; defined with those before it at the next as_of.
Status SegtestWorld::segment(const SegtestStatement& statement) {
  SegmentDefinition definition;
  definition.name = statement.words.at(1);
  definition.where = statement.text();
  segments_.push_back(std::move(definition));
  return {};
}

// `list NAME`, the ids of its contacts below.
Status SegtestWorld::list(const SegtestStatement& statement) {
  std::vector<std::string> ids;
  for (const std::string& line : statement.body) {
    for (const std::string& id : split_words(line)) {
      for (std::size_t copy = 0; copy < setting_.copies; ++copy) {
        ids.push_back(copied_id(id, copy));
      }
    }
  }
  SegmentDefinition definition;
  definition.name = statement.words.at(1);
  definition.kind = SegmentKind::kStatic;
  definition.contacts = std::make_shared<const std::vector<std::string>>(std::move(ids));
  segments_.push_back(std::move(definition));
  return {};
}

Status SegtestWorld::recompute(const SegtestStatement& statement) {
  std::string error;
  std::string text = statement.words.at(1);
  if (statement.words.size() == 3) {
    text += " " + statement.words[2];
  }
  const std::optional<TimeZone> zone = TimeZone::find(zone_, error);
  const std::optional<AsOf> as_of = AsOf::parse(text, *zone, error);
  if (!as_of) {
    return wrong(error);
  }
  QUINTILE_TRY(engine_->define_segments(segments_));
  QUINTILE_ASSIGN_OR_RETURN(generation_, engine_->recompute(*as_of));
  return {};
}

}  // namespace quintile::testing
