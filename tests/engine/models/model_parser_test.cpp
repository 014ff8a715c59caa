// The YAML of models: what is read, and every way in which it can be wrong, with its place.
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "model_text.hpp"

namespace quintile {
namespace {

constexpr std::string_view kAll = "classes:\n  - all: {}\n";

// Errors in the tiers, which stand on line 2.
std::string tiers_error(std::string_view tiers) {
  return model_error(kAll, std::string(tiers) + "\n");
}

// Errors of one axis; its value begins at column 19.
std::string recency_error(std::string_view recency) {
  return tiers_error("tiers: {recency:  " + std::string(recency) +
                     ", frequency: {quantile: 2}, monetary: {quantile: 2}}");
}

TEST(ModelParser, ReadsAllOptions) {
  const RfmModel model = good_model(
      "window: {recency: 365d, frequency: 48h, monetary: 90m}\n"
      "monetary: mean\nreturns: match\nzero_is_purchase: true\n"
      "where: \"category <> 'postage'\"\npopulation: country = 'PL'\n"
      "classes:\n  - all: {}\n");
  EXPECT_EQ(model.name, "test");
  EXPECT_EQ(model.axis(Axis::kRecency).window, (Window{365, WindowUnit::kDays}));
  EXPECT_EQ(model.axis(Axis::kFrequency).window, (Window{48, WindowUnit::kHours}));
  EXPECT_EQ(model.axis(Axis::kMonetary).window, (Window{90, WindowUnit::kMinutes}));
  EXPECT_EQ(model.monetary, MonetaryMeasure::kMean);
  EXPECT_EQ(model.returns, ReturnsRule::kMatch);
  EXPECT_TRUE(model.zero_is_purchase);
  ASSERT_TRUE(model.where);
  EXPECT_EQ(model.where->to_string(), "category <> 'postage'");
  ASSERT_TRUE(model.population);
  EXPECT_EQ(model.population->to_string(), "country = 'PL'");
  EXPECT_EQ(model.currency_decimals, 2);
}

TEST(ModelParser, DefaultsAreTheDesigns) {
  const RfmModel model = good_model(kAll);
  EXPECT_EQ(model.monetary, MonetaryMeasure::kNet);
  EXPECT_EQ(model.returns, ReturnsRule::kNet);
  EXPECT_FALSE(model.zero_is_purchase);
  EXPECT_FALSE(model.where);
  EXPECT_FALSE(model.population);
  for (const RfmTiers& tiers : model.tiers) {
    EXPECT_FALSE(tiers.window);
    EXPECT_EQ(tiers.tier_name(2), "2");
  }
}

TEST(ModelParser, OneWindowIsForAllAxes) {
  for (const RfmTiers& tiers : good_model("window: 365d\n" + std::string(kAll)).tiers) {
    EXPECT_EQ(tiers.window, (Window{365, WindowUnit::kDays}));
  }
}

TEST(ModelParser, FixedBoundsBecomeCutPoints) {
  const RfmModel model = good_model(
      kAll,
      "tiers: {recency: {fixed: {short: \"<= 30\", medium: \"<= 90\", long: any}}, "
      "frequency: {fixed: [1, 2, 3, 5, 10]}, "
      "monetary: {fixed: {premium: \">= 500\", average: 19.99, economical: \">= -0.5\"}}}\n");
  const RfmTiers& recency = model.axis(Axis::kRecency);
  EXPECT_EQ(recency.count, 3);
  EXPECT_EQ(recency.names, (std::vector<std::string>{"short", "medium", "long"}));
  EXPECT_EQ(recency.tier_name(3), "short");
  EXPECT_EQ(recency.tier_name(1), "long");
  EXPECT_EQ(recency.fixed_cuts, (std::vector<std::int64_t>{30, 90}));
  EXPECT_FALSE(recency.worst_bound);
  const RfmTiers& frequency = model.axis(Axis::kFrequency);
  EXPECT_EQ(frequency.fixed_cuts, (std::vector<std::int64_t>{1, 2, 4, 9}));
  EXPECT_EQ(frequency.worst_bound, 1);
  EXPECT_TRUE(frequency.names.empty());
  const RfmTiers& monetary = model.axis(Axis::kMonetary);
  EXPECT_EQ(monetary.fixed_cuts, (std::vector<std::int64_t>{1998, 49'999}));
  EXPECT_EQ(monetary.worst_bound, -50);
  EXPECT_EQ(monetary.names.front(), "premium");
}

TEST(ModelParser, RecencyBoundsAsAListFall) {
  const RfmModel model = good_model(
      kAll,
      "tiers: {recency: {fixed: [365, 90, 30], names: [short, medium, long]}, frequency: {ntile: "
      "10}, monetary: {quantile: 2}}\n");
  const RfmTiers& recency = model.axis(Axis::kRecency);
  EXPECT_EQ(recency.fixed_cuts, (std::vector<std::int64_t>{30, 90}));
  EXPECT_EQ(recency.worst_bound, 365);
  EXPECT_EQ(recency.names.front(), "short");
  EXPECT_EQ(model.axis(Axis::kFrequency).method, TierMethod::kNtile);
  EXPECT_EQ(model.axis(Axis::kFrequency).count, 10);
}

TEST(ModelParser, ClassMapsReadEveryRange) {
  const RfmModel model = good_model(
      "classes:\n"
      "  - a: {r: 3, f: [2, 3], m: \"<= 2\", fm: \">= 2\"}\n"
      "  - b: [{recency_days: \"< 30\", first_days: \"> 5\"}, {frequency: 2, monetary: [1, 9.5]}]\n"
      "  - a: {recency_days: \"<= 29\"}\n"
      "  - c: {monetary: any}\n");
  EXPECT_EQ(model.classes, (std::vector<std::string>{"a", "b", "c", "prospect", "lapsed"}));
  EXPECT_EQ(model.prospect_code(), 3);
  EXPECT_EQ(model.lapsed_code(), 4);
  ASSERT_EQ(model.rules.size(), 5U);
  EXPECT_EQ(model.rules[0].r, (TierRange{3, 3}));
  EXPECT_EQ(model.rules[0].f, (TierRange{2, 3}));
  EXPECT_EQ(model.rules[0].m, (TierRange{1, 2}));
  EXPECT_EQ(model.rules[0].fm, (TierRange{2, 3}));
  EXPECT_EQ(model.rules[0].line, 4U);
  EXPECT_EQ(model.rules[1].conditions, 0b0011);
  EXPECT_EQ(model.rules[2].conditions, 0b1100);
  EXPECT_EQ(model.rules[3].code, 0);
  EXPECT_EQ(model.rules[3].conditions, 0b0001);  // the same condition as "< 30"
  EXPECT_EQ(model.rules[4].conditions, 0);
  ASSERT_EQ(model.conditions.size(), 4U);
  EXPECT_EQ(model.conditions[0], (ValueCondition{ValueColumn::kRecencyDays, 0, 29}));
  EXPECT_EQ(model.conditions[1], (ValueCondition{ValueColumn::kFirstDays, 6, kMaxDays}));
  EXPECT_EQ(model.conditions[2], (ValueCondition{ValueColumn::kFrequency, 2, 2}));
  EXPECT_EQ(model.conditions[3], (ValueCondition{ValueColumn::kMonetary, 100, 950}));
}

TEST(ModelParser, OpenMonetaryConditionsReachTheEndsOfTheColumn) {
  const RfmModel model =
      good_model("classes:\n  - a: {monetary: \"< 5\"}\n  - b: {monetary: \">= 5\"}\n");
  EXPECT_EQ(model.conditions[0].low, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(model.conditions[0].high, 499);
  EXPECT_EQ(model.conditions[1].low, 500);
  EXPECT_EQ(model.conditions[1].high, std::numeric_limits<std::int64_t>::max());
}

TEST(ModelParser, MoneyHasTheDecimalsOfTheCurrency) {
  constexpr std::string_view kYaml =
      "name: a\ntiers: {recency: {quantile: 2}, frequency: {quantile: 2}, monetary: {fixed: [0, "
      "500]}}\nclasses:\n  - all: {}\n";
  for (const auto& [decimals, cut] : {std::pair{0, 499}, {2, 49'999}, {3, 499'999}}) {
    const Result<RfmModel> model = parse_rfm_model(kYaml, "m.yaml", decimals);
    ASSERT_TRUE(model.ok());
    EXPECT_EQ(model->axis(Axis::kMonetary).fixed_cuts.front(), cut);
    EXPECT_EQ(model->currency_decimals, decimals);
  }
  EXPECT_EQ(parse_rfm_model(kYaml, "m.yaml", 19).status().code(), StatusCode::kOutOfRange);
}

TEST(ModelParser, UnknownKeysAreRefusedWithTheNearest) {
  EXPECT_EQ(model_error("windw: 3d\n" + std::string(kAll)),
            "m.yaml:3:1: unknown key 'windw', did you mean 'window'?");
  EXPECT_EQ(model_error("window: {recensy: 3d}\n" + std::string(kAll)),
            "m.yaml:3:10: unknown key 'recensy', did you mean 'recency'?");
  EXPECT_EQ(recency_error("{quantiles: 3}"),
            "m.yaml:2:20: unknown key 'quantiles', did you mean 'quantile'?");
  EXPECT_EQ(model_error("classes:\n  - a: {recency: 3}\n"),
            "m.yaml:4:9: unknown key 'recency', did you mean 'recency_days'?");
}

TEST(ModelParser, RequiredKeys) {
  EXPECT_EQ(parse_rfm_model("name: a\n", "m.yaml", 2).status().message(),
            "m.yaml:1:1: expected the key 'tiers', got none");
  EXPECT_EQ(parse_rfm_model("- a\n", "m.yaml", 2).status().message(),
            "m.yaml:1:1: expected a map with name, tiers and classes, got a list");
  EXPECT_EQ(tiers_error("tiers: {recency: {quantile: 3}, monetary: {quantile: 3}}"),
            "m.yaml:2:8: expected map with recency, frequency and monetary, got no frequency");
}

TEST(ModelParser, BadOptions) {
  const auto option = [](std::string_view line) {
    return model_error(std::string(line) + "\n" + std::string(kAll));
  };
  EXPECT_EQ(option("monetary: nett"),
            "m.yaml:3:11: expected one of net, gross, mean, got 'nett', did you mean 'net'?");
  EXPECT_EQ(option("returns: [net]"), "m.yaml:3:10: expected one of net, match, got a list");
  EXPECT_EQ(option("zero_is_purchase: yes"), "m.yaml:3:19: expected one of false, true, got 'yes'");
  EXPECT_EQ(option("window: 5w"),
            "m.yaml:3:9: expected a window such as 365d, 48h or 90m, got '5w'");
  EXPECT_EQ(option("window: 0d"), "m.yaml:3:9: expected a window from 1 to 65534d, got '0d'");
  EXPECT_EQ(option("window: -3d"), "m.yaml:3:9: expected a window from 1 to 65534d, got '-3d'");
  EXPECT_EQ(option("window: 65535d"),
            "m.yaml:3:9: expected a window from 1 to 65534d, got '65535d'");
  EXPECT_EQ(option("window: 99999999999h"),
            "m.yaml:3:9: expected a window from 1 to 1572816h, got '99999999999h'");
  EXPECT_EQ(option("window: {frequency: soon}"),
            "m.yaml:3:21: expected a window such as 365d, 48h or 90m, got 'soon'");
  EXPECT_EQ(option("where: \"a = \""),
            "m.yaml:3:8: in 'where' at 1:5: expected a column, a literal or '(', got the end");
  EXPECT_EQ(option("population: {a: 1}"),
            "m.yaml:3:13: expected a condition such as \"country = 'PL'\", got a map");
}

TEST(ModelParser, BadNames) {
  const auto named = [](std::string_view name) {
    return std::string(parse_rfm_model("name: " + std::string(name) + "\n" +
                                           std::string(kThreeByThree) + std::string(kAll),
                                       "m.yaml", 2)
                           .status()
                           .message());
  };
  constexpr std::string_view kExpected =
      "m.yaml:1:7: expected a model name of 1 to 64 characters a-z 0-9 _ - that starts with a "
      "letter or digit, got ";
  EXPECT_EQ(named("Retail"), std::string(kExpected) + "'Retail'");
  EXPECT_EQ(named("-a"), std::string(kExpected) + "'-a'");
  EXPECT_EQ(named("a.b"), std::string(kExpected) + "'a.b'");
  EXPECT_EQ(named("[a]"), std::string(kExpected) + "a list");
  EXPECT_EQ(named(std::string(65, 'a')),
            std::string(kExpected) + "'" + std::string(40, 'a') + "...'");
  EXPECT_EQ(named(std::string(62, 'a')), "m.yaml:4:5: expected a class name that makes '" +
                                             std::string(62, 'a') +
                                             ".all' at most 64 characters long");
  EXPECT_EQ(named(std::string(60, 'a')), "");
}

TEST(ModelParser, BadTiers) {
  EXPECT_EQ(recency_error("{}"),
            "m.yaml:2:19: expected one of {quantile: 5}, {ntile: 5} or {fixed: [...]}, with names "
            "if wanted, got an empty map");
  EXPECT_EQ(recency_error("5").substr(0, 27), "m.yaml:2:19: expected one o");
  EXPECT_EQ(recency_error("{quantile: 3, ntile: 3}"),
            "m.yaml:2:19: expected only one of quantile, ntile and fixed, got two");
  EXPECT_EQ(recency_error("{quantile: 11}"),
            "m.yaml:2:30: expected a whole number from 2 to 10, got '11' (outside 2 to 10)");
  EXPECT_EQ(recency_error("{quantile: 1}"),
            "m.yaml:2:30: expected a whole number from 2 to 10, got '1' (outside 2 to 10)");
  EXPECT_EQ(recency_error("{quantile: 2.5}"),
            "m.yaml:2:30: expected a whole number from 2 to 10, got '2.5' (a fraction)");
  EXPECT_EQ(recency_error("{quantile: five}"),
            "m.yaml:2:30: expected a whole number from 2 to 10, got 'five'");
  EXPECT_EQ(recency_error("{quantile: 2, names: [a, b, c]}"),
            "m.yaml:2:40: expected a list of 2 names, best tier first, got 3 names");
  EXPECT_EQ(recency_error("{quantile: 2, names: [a, a]}"),
            "m.yaml:2:44: tier name 'a' is given twice");
  EXPECT_EQ(recency_error("{fixed: {a: 1, b: 2}, names: [a, b]}"),
            "m.yaml:2:48: the bounds have names already");
}

TEST(ModelParser, BadBounds) {
  EXPECT_EQ(recency_error("{fixed: [5]}"),
            "m.yaml:2:27: expected 2 to 10 bounds, as a list from worst to best, got 1");
  EXPECT_EQ(recency_error("{fixed: 5}"),
            "m.yaml:2:27: expected 2 to 10 bounds, as a map from best to worst, got '5'");
  EXPECT_EQ(recency_error("{fixed: [30, 30]}"),
            "m.yaml:2:32: expected a bound below '30' before it, got '30'");
  EXPECT_EQ(recency_error("{fixed: {a: 30, b: \"<= 20\"}}"),
            "m.yaml:2:38: expected a bound above '30' before it, got '<= 20'");
  EXPECT_EQ(recency_error("{fixed: {a: any, b: 20}}"),
            "m.yaml:2:31: only the worst tier may take any value");
  EXPECT_EQ(recency_error("{fixed: {a: \">= 30\", b: any}}"),
            "m.yaml:2:31: expected an upper bound such as \"<= 30\", or any, got '>= 30'");
  EXPECT_EQ(recency_error("{fixed: [any, -1]}"),
            "m.yaml:2:33: expected a number of days, got '-1' (outside 0 to 65534)");
  const auto monetary = [](std::string_view value) {
    return tiers_error("tiers: {recency: {quantile: 2}, frequency: {quantile: 2}, monetary: " +
                       std::string(value) + "}");
  };
  EXPECT_EQ(monetary("{fixed: [1, 19.999]}"),
            "m.yaml:2:81: expected an amount of money, got '19.999' (more than 2 digits after the "
            "point)");
  EXPECT_EQ(monetary("{fixed: [0, 19.990]}"), "no error");
  EXPECT_EQ(monetary("{fixed: [1, 1e30]}"),
            "m.yaml:2:81: expected an amount of money, got '1e30' (outside -92233720368547758.06 "
            "to 92233720368547758.06)");
  EXPECT_EQ(monetary("{fixed: [2, 1]}"),
            "m.yaml:2:81: expected a bound above '2' before it, got '1'");
  EXPECT_EQ(monetary("{fixed: {a: 1, b: 2}}"),
            "m.yaml:2:87: expected a bound below '1' before it, got '2'");
  EXPECT_EQ(monetary("{fixed: {a: \"< 1\", b: any}}"),
            "m.yaml:2:81: expected a lower bound such as \">= 5\", or any, got '< 1'");
  EXPECT_EQ(monetary("{fixed: [1, \"1,000\"]}"),
            "m.yaml:2:81: expected an amount of money, got '1,000'");
}

TEST(ModelParser, BadClasses) {
  const auto classes = [](std::string_view text) { return model_error(text); };
  EXPECT_EQ(classes("classes: name\n"),
            "m.yaml:3:10: expected a list of classes, or names, got 'name'");
  EXPECT_EQ(classes("classes: []\n"),
            "m.yaml:3:10: expected at least one class, got an empty list");
  EXPECT_EQ(classes("classes: [a]\n"),
            "m.yaml:3:11: expected one class such as 'loyal: {r: [3, 5], fm: 4}', got 'a'");
  EXPECT_EQ(classes("classes:\n  - a: 3\n"),
            "m.yaml:4:8: expected a map of ranges such as {r: 5, fm: [4, 5]}, got '3'");
  EXPECT_EQ(classes("classes:\n  - a: []\n"),
            "m.yaml:4:8: expected at least one map of ranges, got an empty list");
  EXPECT_EQ(classes("classes:\n  - prospect: {}\n"),
            "m.yaml:4:5: class name 'prospect' is taken: it names contacts without a purchase");
  EXPECT_EQ(classes("classes:\n  - all: {}\notherwise: lapsed\n"),
            "m.yaml:5:12: class name 'lapsed' is taken: it names contacts without a purchase");
  EXPECT_EQ(classes("classes:\n  - A: {}\n").substr(0, 34), "m.yaml:4:5: expected a class name ");
  EXPECT_EQ(classes("classes: names\n"),
            "m.yaml:3:10: 'classes: names' needs names for the tiers of recency");
}

TEST(ModelParser, BadRanges) {
  const auto range = [](std::string_view text) {
    return model_error("classes:\n  - a: {" + std::string(text) + "}\notherwise: b\n");
  };
  EXPECT_EQ(range("r: 4"), "m.yaml:4:12: expected a tier from 1 to 3, got '4' (outside 1 to 3)");
  EXPECT_EQ(range("r: 0"), "m.yaml:4:12: expected a tier from 1 to 3, got '0' (outside 1 to 3)");
  EXPECT_EQ(range("f: [3, 2]"), "m.yaml:4:16: expected at least 3, got '2'");
  EXPECT_EQ(range("m: [1, 2, 3]"), "m.yaml:4:12: expected a range of two numbers such as [1, 2]");
  EXPECT_EQ(range("fm: \"> 3\""),
            "m.yaml:4:13: expected a range that something can be in (1 to 3), got '> 3'");
  EXPECT_EQ(range("recency_days: soon"), "m.yaml:4:23: expected a number of days, got 'soon'");
  EXPECT_EQ(range("frequency: 1.5"),
            "m.yaml:4:20: expected a number of purchases, got '1.5' (a fraction)");
  EXPECT_EQ(range("first_days: {a: 1}"),
            "m.yaml:4:21: expected a range such as 5, [4, 5], \"<= 5\" or \">= 4\", got a map");
  EXPECT_EQ(range("r: short"), "m.yaml:4:12: expected a tier from 1 to 3, got 'short'");
}

TEST(ModelParser, TierNamesServeInRanges) {
  constexpr std::string_view kNamed =
      "tiers: {recency: {quantile: 3, names: [short, medium, long]}, frequency: {quantile: 3}, "
      "monetary: {quantile: 3}}\n";
  const RfmModel model = good_model(
      "classes:\n  - a: {r: short}\n  - b: {r: [short, medium]}\n  - c: {r: 1}\n", kNamed);
  EXPECT_EQ(model.rules[0].r, (TierRange{3, 3}));
  EXPECT_EQ(model.rules[1].r, (TierRange{2, 3}));
  EXPECT_EQ(model_error("classes:\n  - a: {r: shrt}\notherwise: b\n", kNamed),
            "m.yaml:4:12: unknown tier 'shrt', did you mean 'short'?");
  EXPECT_EQ(model_error("classes:\n  - a: {r: [short, lng]}\notherwise: b\n", kNamed),
            "m.yaml:4:20: unknown tier 'lng', did you mean 'long'?");
}

TEST(ModelParser, NamesOfCellsMustDiffer) {
  EXPECT_EQ(model_error("classes: names\n",
                        "tiers: {recency: {quantile: 2, names: [a, a-b]}, frequency: {quantile: 2, "
                        "names: [b-c, c]}, monetary: {quantile: 2, names: [d, e]}}\n"),
            "m.yaml:3:10: two cells would have the class name 'a-b-c-d'");
}

TEST(ModelParser, LimitsRangesOfValues) {
  // Seven bounds cut each of four values into eight ranges: 4,096 combinations.
  std::string classes = "classes:\n";
  for (int i = 1; i <= 7; ++i) {
    const std::string bound = "\">= " + std::to_string(i) + "\"";
    classes += "  - c" + std::to_string(i) + ": {recency_days: " + bound +
               ", first_days: " + bound + ", frequency: " + bound + ", monetary: " + bound + "}\n";
  }
  EXPECT_TRUE(parse_model(classes + "otherwise: b\n").ok());
  const Status more = parse_model(classes + "  - d: {monetary: 8}\notherwise: b\n").status();
  EXPECT_EQ(more.code(), StatusCode::kOutOfRange);
  EXPECT_EQ(more.message(),
            "m.yaml:11:19: the conditions so far cut recency_days, first_days, frequency and "
            "monetary into more than 4096 combinations of ranges");
}

TEST(ModelParser, LimitsConditionsAndClasses) {
  std::string conditions = "classes:\n";
  for (int i = 1; i <= 65; ++i) {
    conditions += "  - c" + std::to_string(i) + ": {recency_days: " + std::to_string(i) + "}\n";
  }
  const Status sixty_five = parse_model(conditions + "otherwise: b\n").status();
  EXPECT_EQ(sixty_five.code(), StatusCode::kOutOfRange);
  EXPECT_EQ(
      sixty_five.message(),
      "m.yaml:68:25: more than 64 different conditions on recency_days, first_days, frequency "
      "and monetary");
  EXPECT_EQ(
      model_error("window: 9d\n" + conditions + "otherwise: b\n"),
      "m.yaml:68:25: more than 63 different conditions on recency_days, first_days, frequency "
      "and monetary");

  std::string classes = "classes:\n";
  for (int i = 1; i <= 251; ++i) {
    classes += "  - c" + std::to_string(i) + ": {}\n";
  }
  const Status many = parse_model(classes).status();
  EXPECT_EQ(many.code(), StatusCode::kOutOfRange);
  EXPECT_EQ(many.message(), "m.yaml:254:5: more than 250 classes");

  EXPECT_EQ(parse_model(std::string(70'000, ' ')).status().code(), StatusCode::kOutOfRange);
}

TEST(ModelParser, MoreCellsThanClassesAreRefusedInNamesMode) {
  std::string names = "[";
  for (const char c : std::string("abcdefghij")) {
    names += std::string(names.size() > 1 ? ", " : "") + c;
  }
  names += "]";
  const std::string axis = "{quantile: 10, names: " + names + "}";
  EXPECT_EQ(model_error("classes: names\n", "tiers: {recency: " + axis + ", frequency: " + axis +
                                                ", monetary: " + axis + "}\n"),
            "m.yaml:3:10: 'classes: names' makes 1000 classes, expected at most 250");
}

// The YAML blocks of docs/models.md.
std::vector<std::string> document_examples() {
  const char* root = std::getenv("QUINTILE_SOURCE_DIR");
  std::ifstream file(std::string(root == nullptr ? "." : root) + "/docs/models.md");
  std::vector<std::string> examples;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      inside = line == "```yaml";
      if (inside) {
        examples.emplace_back();
      }
    } else if (inside) {
      examples.back().append(line).append("\n");
    }
  }
  return examples;
}

TEST(ModelParser, ExamplesOfTheDocumentAreRight) {
  const std::vector<std::string> examples = document_examples();
  ASSERT_GE(examples.size(), 15U);
  for (std::string yaml : examples) {
    const auto has = [&yaml](std::string_view key) {
      return yaml.starts_with(key) || yaml.find("\n" + std::string(key)) != std::string::npos;
    };
    yaml.append(has("name:") ? "" : "name: example\n");
    yaml.append(has("tiers:") ? ""
                              : "tiers: {recency: {quantile: 5}, frequency: {quantile: 5}, "
                                "monetary: {quantile: 5}}\n");
    yaml.append(has("classes:") ? "" : "classes:\n  - all: {}\n");
    const Result<RfmModel> model = parse_rfm_model(yaml, "example", 2);
    ASSERT_TRUE(model.ok()) << model.status().message() << "\n" << yaml;
    EXPECT_TRUE(rfm_reachability(*model).everything_reachable()) << yaml;
  }
}

}  // namespace
}  // namespace quintile
