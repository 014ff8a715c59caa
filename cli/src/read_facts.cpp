#include "read_facts.hpp"

#include "number_text.hpp"

namespace quintile::cli {

std::string facts_text(const ReadFacts& facts) {
  std::string line = counted(facts.counts.records, "record", "records") + ", " +
                     grouped(facts.counts.accepted) + " accepted, " +
                     grouped(facts.counts.anonymous) + " anonymous, " +
                     (facts.counts.other_types == 0
                          ? std::string()
                          : grouped(facts.counts.other_types) + " of undeclared types, ") +
                     grouped(facts.counts.rejected) + " rejected";
  if (!facts.reasons.empty()) {
    line += " (" + reasons_text(facts.reasons) + ")";
  }
  return line;
}

std::string step_name(const char* what, const std::vector<std::string>& files) {
  return std::string("read ") + what + " from " +
         (files.size() == 1 ? files[0] : counted(files.size(), "file", "files"));
}

std::int32_t loader_type(DataType type) {
  switch (type) {
    case DataType::kBool:
    case DataType::kConsent:
      return QUINTILE_COLUMN_BOOL;
    case DataType::kInt64:
      return QUINTILE_COLUMN_INT64;
    case DataType::kDecimal:
      return QUINTILE_COLUMN_DECIMAL;
    case DataType::kDouble:
      return QUINTILE_COLUMN_DOUBLE;
    case DataType::kDate:
      return QUINTILE_COLUMN_DATE;
    case DataType::kTimestamp:
      return QUINTILE_COLUMN_TIMESTAMP;
    case DataType::kTags:
      return QUINTILE_COLUMN_LIST;
    case DataType::kCategory:
      break;
  }
  return QUINTILE_COLUMN_UTF8;
}

}  // namespace quintile::cli
