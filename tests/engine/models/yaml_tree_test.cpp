#include "models/yaml_tree.hpp"

#include <string>

#include <gtest/gtest.h>

namespace quintile::models {
namespace {

std::string error_of(std::string_view yaml) {
  const Result<YamlNode> tree = read_yaml(yaml, "f.yaml", 4096);
  return tree.ok() ? "no error" : std::string(tree.status().message());
}

TEST(YamlTree, KeepsOrderAndPositions) {
  const Result<YamlNode> tree = read_yaml("a: 1\nb:\n  - x\n  - 'y z'\nc: {d: ~}\n", "f", 4096);
  ASSERT_TRUE(tree.ok());
  ASSERT_EQ(tree->kind, YamlKind::kMap);
  ASSERT_EQ(tree->pairs.size(), 3U);
  EXPECT_EQ(tree->pairs[1].key.text, "b");
  const YamlNode* list = tree->find("b");
  ASSERT_NE(list, nullptr);
  ASSERT_EQ(list->items.size(), 2U);
  EXPECT_FALSE(list->items[0].quoted);
  EXPECT_TRUE(list->items[1].quoted);
  EXPECT_EQ(list->items[1].text, "y z");
  EXPECT_EQ(list->items[1].line, 4U);
  EXPECT_EQ(list->items[1].column, 5U);
  ASSERT_NE(tree->find("c"), nullptr);
  EXPECT_EQ(tree->find("c")->find("d")->kind, YamlKind::kNull);
  EXPECT_EQ(tree->find("e"), nullptr);
}

TEST(YamlTree, RefusesWhatDefinitionsDoNotNeed) {
  EXPECT_EQ(error_of("a: &x 1\n"), "f.yaml:1:4: anchors are not supported");
  EXPECT_EQ(error_of("a: &x [1]\nb: *x\n"), "f.yaml:1:4: anchors are not supported");
  EXPECT_EQ(error_of("a: !!int 1\n"),
            "f.yaml:1:4: tags are not supported, got 'tag:yaml.org,2002:int'");
  EXPECT_EQ(error_of("a: 1\nb: 2\na: 3\n"), "f.yaml:3:1: key 'a' is given twice");
  EXPECT_EQ(error_of("[1]: 2\n"), "f.yaml:1:1: expected a name as key, got a list");
  EXPECT_EQ(error_of("a: 1\n---\nb: 2\n"),
            "f.yaml:3:1: expected the end of the file, got a second document");
  EXPECT_EQ(error_of(""), "f.yaml:1:1: expected a map, got an empty file");
}

TEST(YamlTree, SaysWhereYamlIsBroken) {
  EXPECT_TRUE(error_of("a: [1, 2\nb: 3\n").starts_with("f.yaml:2:2: not valid YAML: "));
  for (const std::string_view cut : {"a: \"b\n", "a: 'b''\n", "a: 'b", "a: \"b\\\"\n\n"}) {
    EXPECT_TRUE(error_of(cut).starts_with("f.yaml:")) << cut << " " << error_of(cut);
  }
  EXPECT_EQ(error_of("x: 1\na: \"b\n"),
            "f.yaml:2:4: expected a closing quote, got the end of the file");
  EXPECT_EQ(error_of("a: 'it''s'\nb: \"\\\"\"\n"), "no error");
  EXPECT_EQ(error_of("a: 1\n\tb: 2\n").substr(0, 11), "f.yaml:2:1:");
}

TEST(YamlTree, RefusesBytesThatAreNotText) {
  EXPECT_EQ(error_of(std::string_view("a: \0\n", 5)),
            "f.yaml:1:4: expected UTF-8 text without control bytes, got byte 0x00");
  EXPECT_EQ(error_of("a: 1\nb: \xC3(\n"),
            "f.yaml:2:4: expected UTF-8 text without control bytes, got byte 0xc3");
  EXPECT_EQ(error_of("\xFF\xFE"),
            "f.yaml:1:1: expected UTF-8 text without control bytes, got byte 0xff");
}

TEST(YamlTree, LimitsSizeDepthAndCount) {
  const Result<YamlNode> large = read_yaml(std::string(4097, '#'), "f.yaml", 4096);
  EXPECT_EQ(large.status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(large.status().message(), "f.yaml: expected at most 4096 bytes, got 4097");

  const Result<YamlNode> deep =
      read_yaml(std::string(17, '[') + std::string(17, ']'), "f.yaml", 4096);
  EXPECT_EQ(deep.status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(deep.status().message(), "f.yaml:1:17: nested deeper than 16 levels");
  EXPECT_TRUE(read_yaml(std::string(16, '[') + std::string(16, ']'), "f.yaml", 4096).ok());
  // Deeper than the YAML parser itself can go.
  EXPECT_EQ(read_yaml(std::string(60'000, '['), "f.yaml", 65'536).status().code(),
            StatusCode::kOutOfRange);

  std::string wide = "[";
  for (int i = 0; i < 20'000; ++i) {
    wide += "1,";
  }
  EXPECT_EQ(read_yaml(wide + "1]", "f.yaml", 65'536).status().code(), StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace quintile::models
