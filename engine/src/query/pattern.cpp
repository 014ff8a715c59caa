#include "query/pattern.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <re2/re2.h>

namespace quintile::query {
namespace {

constexpr std::int64_t kMaxRegexMemory = 8 << 20;

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::size_t next_character(std::string_view text, std::size_t offset) {
  do {
    ++offset;
  } while (offset < text.size() && continues(text[offset]));
  return offset;
}

// One element of a LIKE pattern: a literal stretch, any one character, or any run of them.
struct LikeItem {
  enum class Kind : std::uint8_t { kLiteral, kOne, kRun } kind;
  std::string literal;
};

std::vector<LikeItem> split_like(std::string_view pattern, std::string_view escape) {
  std::vector<LikeItem> items;
  const auto add_literal = [&items](std::string_view text) {
    if (items.empty() || items.back().kind != LikeItem::Kind::kLiteral) {
      items.push_back({LikeItem::Kind::kLiteral, {}});
    }
    items.back().literal.append(text);
  };
  for (std::size_t i = 0; i < pattern.size();) {
    if (!escape.empty() && pattern.substr(i).starts_with(escape)) {
      i += escape.size();
      const std::size_t end = next_character(pattern, i);
      add_literal(pattern.substr(i, end - i));
      i = end;
    } else if (pattern[i] == '%') {
      // A run after a run adds nothing.
      if (items.empty() || items.back().kind != LikeItem::Kind::kRun) {
        items.push_back({LikeItem::Kind::kRun, {}});
      }
      ++i;
    } else if (pattern[i] == '_') {
      items.push_back({LikeItem::Kind::kOne, {}});
      ++i;
    } else {
      add_literal(pattern.substr(i, 1));
      ++i;
    }
  }
  return items;
}

class LikePattern final : public Pattern {
 public:
  explicit LikePattern(std::vector<LikeItem> items) : items_(std::move(items)) {}

  // Greedy with one place to come back to: the last run takes one character more each time. Linear
  // in text times pattern.
  bool matches(std::string_view text) const override {
    constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::size_t offset = 0;
    std::size_t item = 0;
    std::size_t run_item = kNone;
    std::size_t run_offset = 0;
    for (;;) {
      if (item == items_.size() && offset == text.size()) {
        return true;
      }
      if (item < items_.size() && items_[item].kind == LikeItem::Kind::kRun) {
        run_item = item++;
        run_offset = offset;
        continue;
      }
      if (item < items_.size() && step(text, offset, items_[item])) {
        ++item;
        continue;
      }
      if (run_item == kNone || run_offset >= text.size()) {
        return false;
      }
      run_offset = next_character(text, run_offset);
      offset = run_offset;
      item = run_item + 1;
    }
  }

 private:
  static bool step(std::string_view text, std::size_t& offset, const LikeItem& item) {
    if (item.kind == LikeItem::Kind::kOne) {
      if (offset == text.size()) {
        return false;
      }
      offset = next_character(text, offset);
      return true;
    }
    if (!text.substr(offset).starts_with(item.literal)) {
      return false;
    }
    offset += item.literal.size();
    return true;
  }

  std::vector<LikeItem> items_;
};

RE2::Options regex_options(bool ignore_case, bool dot_matches_newline) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxRegexMemory);
  options.set_case_sensitive(!ignore_case);
  options.set_dot_nl(dot_matches_newline);
  return options;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

class RegexPattern final : public Pattern {
 public:
  RegexPattern(const std::string& pattern, const RE2::Options& options, bool whole)
      : regex_(pattern, options), whole_(whole) {}

  bool matches(std::string_view text) const override {
    return whole_ ? RE2::FullMatch(piece(text), regex_) : RE2::PartialMatch(piece(text), regex_);
  }

 private:
  RE2 regex_;
  bool whole_;
};

std::string too_long(std::string_view pattern) {
  return "more than " + std::to_string(kMaxPatternBytes) + " bytes (" +
         std::to_string(pattern.size()) + ")";
}

std::string ilike_regex(std::string_view pattern, std::string_view escape) {
  std::string regex;
  for (const LikeItem& item : split_like(pattern, escape)) {
    switch (item.kind) {
      case LikeItem::Kind::kLiteral:
        regex.append(RE2::QuoteMeta(item.literal));
        break;
      case LikeItem::Kind::kOne:
        regex.append(".");
        break;
      case LikeItem::Kind::kRun:
        regex.append(".*");
        break;
    }
  }
  return regex;
}

}  // namespace

std::unique_ptr<Pattern> make_like(std::string_view pattern, std::string_view escape,
                                   bool ignore_case) {
  if (!ignore_case) {
    return std::make_unique<LikePattern>(split_like(pattern, escape));
  }
  return std::make_unique<RegexPattern>(ilike_regex(pattern, escape), regex_options(true, true),
                                        true);
}

std::unique_ptr<Pattern> make_regex(std::string_view pattern) {
  return std::make_unique<RegexPattern>(std::string(pattern), regex_options(false, false), false);
}

bool like_pattern_is_complete(std::string_view pattern, std::string_view escape) noexcept {
  for (std::size_t i = 0; i < pattern.size() && !escape.empty();) {
    if (!pattern.substr(i).starts_with(escape)) {
      ++i;
      continue;
    }
    i += escape.size();
    if (i == pattern.size()) {
      return false;
    }
    i = next_character(pattern, i);
  }
  return true;
}

std::string regex_problem(std::string_view pattern) {
  if (pattern.size() > kMaxPatternBytes) {
    return too_long(pattern);
  }
  const RE2 regex(piece(pattern), regex_options(false, false));
  return regex.ok() ? std::string{} : regex.error();
}

std::string ilike_problem(std::string_view pattern, std::string_view escape) {
  if (pattern.size() > kMaxPatternBytes) {
    return too_long(pattern);
  }
  const RE2 regex(ilike_regex(pattern, escape), regex_options(true, true));
  return regex.ok() ? std::string{} : regex.error();
}

std::size_t character_count(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

}  // namespace quintile::query
