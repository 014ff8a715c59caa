// Reads the JSON form. What is read is printed and parsed as text, so that one parser checks limits
// and makes the tree, whichever form it came in; what JSON alone can get wrong is said here.
#pragma once

#include <initializer_list>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/functions.hpp"
#include "query/json_form.hpp"
#include "query/json_pointer.hpp"
#include "query/tree.hpp"

namespace quintile::query {

class JsonReader {
 public:
  using Element = simdjson::dom::element;
  Result<Node> read(const Element& value);

 private:
  using Step = JsonPointerStep;
  struct Fields {
    std::string key;  // the operator
    Element value;
    std::vector<std::pair<std::string, Element>> options;
  };

  Status error(std::string_view message, StatusCode code = StatusCode::kInvalidArgument) const {
    return Status(code, (pointer_.empty() ? "/" : pointer_) + ": " + std::string(message));
  }
  [[nodiscard]] Status unexpected(std::string_view expected, const Element& got) const;
  static Node make(NodeKind kind);
  Result<std::string> text(const Element& value, std::string_view expected) const;
  Result<int> count(const Element& value) const;
  Result<Fields> fields(const Element& value, std::string_view only);
  Status refuse_options(const Fields& fields,
                        std::initializer_list<std::string_view> allowed) const;
  static const Element* option(const Fields& fields, std::string_view name);
  Status take_duration(const Fields& fields, std::string_view name, std::string& out);

  Result<Node> read_number(const Element& value) const;
  Result<Node> read_object(const Element& value);
  std::optional<Result<Node>> read_literal(const Fields& fields);
  Result<Node> read_operator(const Fields& fields, const JsonOperator& op);
  Result<Node> read_pattern(const Fields& fields, Node node);
  Result<Node> read_function(const Fields& fields, const Function& function);
  Result<Node> read_regularly(const Fields& fields, Node step);
  Result<Node> read_sequence(const Fields& fields);
  Result<Node> read_step(const Fields& fields);
  Result<std::vector<Node>> read_list(const Element& value);

  std::string pointer_;
  std::size_t depth_ = 0;
};

}  // namespace quintile::query
