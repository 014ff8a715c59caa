// A YAML document as a tree with positions: the strict subset that definitions are written in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "quintile/status.hpp"

namespace quintile::models {

inline constexpr std::size_t kMaxYamlDepth = 16;
inline constexpr std::size_t kMaxYamlNodes = 20'000;

enum class YamlKind : std::uint8_t { kNull, kScalar, kSequence, kMap };

struct YamlPair;

struct YamlNode {
  YamlKind kind = YamlKind::kNull;
  bool quoted = false;  // a scalar in quotes or a block scalar: never a null, number or keyword
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::string text;             // kScalar
  std::vector<YamlNode> items;  // kSequence
  std::vector<YamlPair> pairs;  // kMap, in the order of the file

  // The value of a key, or nullptr.
  [[nodiscard]] const YamlNode* find(std::string_view key) const noexcept;
};

struct YamlPair {
  YamlNode key;
  YamlNode value;
};

// Read one document. Refused, with "NAME:LINE:COLUMN: ...": what YAML refuses, a second document,
// anchors, aliases and tags, keys that are not scalars or come twice, invalid UTF-8 and control
// bytes, more than `max_bytes` (kOutOfRange), kMaxYamlDepth or kMaxYamlNodes (kOutOfRange).
[[nodiscard]] Result<YamlNode> read_yaml(std::string_view yaml, std::string_view source_name,
                                         std::size_t max_bytes);

// Return what stands at `node` in the words of a message: "'text'", "a list", "a map", "nothing".
[[nodiscard]] std::string describe_node(const YamlNode& node);

// Make "NAME:LINE:COLUMN: MESSAGE".
[[nodiscard]] Status yaml_error(std::string_view source_name, const YamlNode& node,
                                std::string_view message);

// Make "NAME:LINE:COLUMN: expected EXPECTED, got NODE".
[[nodiscard]] Status yaml_expected(std::string_view source_name, const YamlNode& node,
                                   std::string_view expected);

}  // namespace quintile::models
