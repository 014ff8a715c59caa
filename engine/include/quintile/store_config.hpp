// What a store is made of, as the file quintile.yaml says it: files and their columns, the declared
// data, models and segments. docs/store.md describes the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quintile/export.hpp"
#include "quintile/schema.hpp"
#include "quintile/status.hpp"

namespace quintile {

inline constexpr std::size_t kMaxStoreConfigBytes = 1024 * 1024;

// Names in the order of the file, each with what stands behind it.
using NamePairs = std::vector<std::pair<std::string, std::string>>;

// The files of one kind, and where they have what.
struct SourceConfig {
  std::vector<std::string> files;  // as written: relative ones are relative to the configuration
  NamePairs columns;               // role (`contact`, `time`, ...) to column; others by default
  NamePairs identifiers;           // namespace to column
  NamePairs values;                // attribute or property to column, where they differ
  std::string date_format;         // empty: ISO 8601
  char delimiter = 0;              // of CSV; 0: a comma
};

// A model: a preset or a file, and the name that it has in the store.
struct ModelConfig {
  std::string name;    // empty: that of the preset or in the file
  std::string source;  // as written
};

struct SegmentConfig {
  std::string name;
  std::string where;  // an expression that parses
};

struct StoreConfig {
  std::string time_zone = "UTC";
  std::string currency;  // ISO 4217; empty: not said
  int currency_decimals = 2;

  SourceConfig contacts;
  SourceConfig orders;
  SourceConfig events;
  SourceConfig links;
  std::string rates_file;  // as written; empty: none

  Schema attributes;
  std::vector<EventProperty> line_properties;  // kCategory, kInt64 or kBool
  EventSchema event_types;

  std::vector<ModelConfig> models;
  std::vector<SegmentConfig> segments;
};

// Reads a configuration. Nothing is opened: whether files, columns and presets exist is for who
// loads them.
//
// Errors: kInvalidArgument, or kOutOfRange past a limit, as "SOURCE:LINE:COLUMN: expected ..., got
// ..."; an unknown key comes with the nearest known one.
//
//     auto config = parse_store_config(text, "shop/quintile.yaml");
[[nodiscard]] QUINTILE_API Result<StoreConfig> parse_store_config(
    std::string_view yaml, std::string_view source_name) noexcept;

}  // namespace quintile
