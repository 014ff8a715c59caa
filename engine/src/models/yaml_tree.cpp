#include "models/yaml_tree.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_set>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "query/name_hint.hpp"
#include "query/text_position.hpp"

namespace quintile::models {
namespace {

// Thrown by the handler below through the YAML parser and caught in read_yaml().
struct Refusal {
  StatusCode code;
  std::uint32_t line;
  std::uint32_t column;
  std::string message;
};

std::string at(std::string_view source_name, std::uint32_t line, std::uint32_t column,
               std::string_view message) {
  std::string text(source_name);
  text.append(":").append(std::to_string(line)).append(":").append(std::to_string(column));
  return text.append(": ").append(message);
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(YamlNode& root) : root_(root) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    place(make(YamlKind::kNull, mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(mark, "aliases are not supported");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    YamlNode node = make(YamlKind::kScalar, mark);
    node.quoted = tag == "!";
    if (node.quoted) {
      last_quoted_ = {node.line, node.column};
    }
    node.text = value;
    const bool is_null =
        !node.quoted && (value.empty() || value == "~" || value == "null" || value == "Null");
    if (is_null) {
      node.kind = YamlKind::kNull;
    }
    place(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(YamlKind::kSequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(YamlKind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

  // Where the last scalar in quotes (or block scalar) begins.
  [[nodiscard]] const std::optional<TextPosition>& last_quoted() const noexcept {
    return last_quoted_;
  }

 private:
  // A collection that is still open, with the key that waits for its value.
  struct Level {
    YamlNode node;
    std::optional<YamlNode> key;
    std::unordered_set<std::string> keys;
  };

  [[noreturn]] static void refuse(const YAML::Mark& mark, std::string message,
                                  StatusCode code = StatusCode::kInvalidArgument) {
    throw Refusal{code, static_cast<std::uint32_t>(mark.line + 1),
                  static_cast<std::uint32_t>(mark.column + 1), std::move(message)};
  }
  static void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) {
      refuse(mark, "anchors are not supported");
    }
  }
  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") {
      refuse(mark, "tags are not supported, got " + quoted_for_message(tag));
    }
  }
  YamlNode make(YamlKind kind, const YAML::Mark& mark) {
    if (++nodes_ > kMaxYamlNodes) {
      refuse(mark, "more than " + std::to_string(kMaxYamlNodes) + " values",
             StatusCode::kOutOfRange);
    }
    YamlNode node;
    node.kind = kind;
    node.line = static_cast<std::uint32_t>(mark.line + 1);
    node.column = static_cast<std::uint32_t>(mark.column + 1);
    return node;
  }
  void open(YamlKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (levels_.size() >= kMaxYamlDepth) {
      refuse(mark, "nested deeper than " + std::to_string(kMaxYamlDepth) + " levels",
             StatusCode::kOutOfRange);
    }
    levels_.push_back({make(kind, mark), std::nullopt, {}});
  }
  void close() {
    YamlNode node = std::move(levels_.back().node);
    levels_.pop_back();
    place(std::move(node));
  }
  void place(YamlNode node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == YamlKind::kSequence) {
      level.node.items.push_back(std::move(node));
    } else if (level.key) {
      level.node.pairs.push_back({std::move(*level.key), std::move(node)});
      level.key.reset();
    } else {
      take_key(level, std::move(node));
    }
  }
  static void take_key(Level& level, YamlNode key) {
    const auto refuse_key = [&key](std::string message) {
      throw Refusal{StatusCode::kInvalidArgument, key.line, key.column, std::move(message)};
    };
    if (key.kind != YamlKind::kScalar) {
      refuse_key("expected a name as key, got " + describe_node(key));
    }
    if (!level.keys.insert(key.text).second) {
      refuse_key("key " + quoted_for_message(key.text) + " is given twice");
    }
    level.key = std::move(key);
  }

  YamlNode& root_;
  std::vector<Level> levels_;
  std::size_t nodes_ = 0;
  std::optional<TextPosition> last_quoted_;
};

// yaml-cpp takes a quoted scalar that the end of the file cuts off; only the last one can be.
bool is_cut_off(std::string_view yaml, const TextPosition& start) {
  std::size_t offset = 0;
  for (std::uint32_t line = 1; line < start.line && offset != yaml.npos; ++line) {
    offset = yaml.find('\n', offset);
    offset += offset != yaml.npos ? 1 : 0;
  }
  if (offset == yaml.npos || offset + start.column > yaml.size()) {
    return false;
  }
  offset += start.column - 1;
  const char quote = yaml[offset];
  if (quote != '"' && quote != '\'') {
    return false;
  }
  for (std::size_t i = offset + 1; i < yaml.size(); ++i) {
    if (yaml[i] == '\\' && quote == '"') {
      ++i;
    } else if (yaml[i] == quote && quote == '\'' && yaml.substr(i + 1, 1) == "'") {
      ++i;
    } else if (yaml[i] == quote) {
      return false;
    }
  }
  return true;
}

Status check_bytes(std::string_view yaml, std::string_view source_name, std::size_t max_bytes) {
  if (yaml.size() > max_bytes) {
    return Status(StatusCode::kOutOfRange, std::string(source_name) + ": expected at most " +
                                               std::to_string(max_bytes) + " bytes, got " +
                                               std::to_string(yaml.size()));
  }
  if (const auto bad = find_bad_text(yaml)) {
    const TextPosition position = position_of(yaml, bad->offset);
    return Status(StatusCode::kInvalidArgument,
                  at(source_name, position.line, position.column, bad->message));
  }
  return {};
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
  const auto found = std::find_if(pairs.begin(), pairs.end(),
                                  [key](const YamlPair& pair) { return pair.key.text == key; });
  return found == pairs.end() ? nullptr : &found->value;
}

Result<YamlNode> read_yaml(std::string_view yaml, std::string_view source_name,
                           std::size_t max_bytes) {
  if (Status status = check_bytes(yaml, source_name, max_bytes); !status.ok()) {
    return status;
  }
  try {
    std::istringstream stream{std::string(yaml)};
    YAML::Parser parser(stream);
    YamlNode root;
    TreeBuilder builder(root);
    if (!parser.HandleNextDocument(builder)) {
      return Status(StatusCode::kInvalidArgument,
                    at(source_name, 1, 1, "expected a map, got an empty file"));
    }
    if (const auto& quoted = builder.last_quoted(); quoted && is_cut_off(yaml, *quoted)) {
      return Status(StatusCode::kInvalidArgument,
                    at(source_name, quoted->line, quoted->column,
                       "expected a closing quote, got the end of the file"));
    }
    YamlNode rest;
    TreeBuilder second(rest);
    if (parser.HandleNextDocument(second)) {
      return yaml_error(source_name, rest, "expected the end of the file, got a second document");
    }
    return root;
  } catch (const Refusal& refusal) {
    return Status(refusal.code, at(source_name, refusal.line, refusal.column, refusal.message));
  } catch (const YAML::Exception& error) {
    const bool known = !error.mark.is_null();
    return Status(StatusCode::kInvalidArgument,
                  at(source_name, known ? static_cast<std::uint32_t>(error.mark.line + 1) : 1,
                     known ? static_cast<std::uint32_t>(error.mark.column + 1) : 1,
                     "not valid YAML: " + error.msg));
  }
}

std::string describe_node(const YamlNode& node) {
  switch (node.kind) {
    case YamlKind::kNull:
      return "nothing";
    case YamlKind::kScalar:
      return quoted_for_message(node.text);
    case YamlKind::kSequence:
      return node.items.empty() ? "an empty list" : "a list";
    case YamlKind::kMap:
      return node.pairs.empty() ? "an empty map" : "a map";
  }
  return "nothing";
}

Status yaml_error(std::string_view source_name, const YamlNode& node, std::string_view message) {
  return Status(StatusCode::kInvalidArgument, at(source_name, node.line, node.column, message));
}

Status yaml_expected(std::string_view source_name, const YamlNode& node,
                     std::string_view expected) {
  return yaml_error(source_name, node,
                    "expected " + std::string(expected) + ", got " + describe_node(node));
}

}  // namespace quintile::models
