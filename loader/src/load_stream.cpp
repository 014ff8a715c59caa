#include "load_stream.hpp"

#include <algorithm>
#include <utility>

#include "error.hpp"
#include "open_source.hpp"
#include "quintile/decimal.hpp"

namespace quintile::loader {
namespace {

constexpr std::uint64_t kHeaderRecords = 1;

// Put the number of the record where the message has the mark for it.
std::string with_record(const std::string& message, std::uint64_t record) {
  std::string text = message;
  const std::size_t mark = text.find(kRecordMark);
  if (mark != std::string::npos) {
    text.replace(mark, kRecordMark.size(), std::to_string(record));
  }
  return text;
}

std::string list_of(const std::set<std::string, std::less<>>& names) {
  std::string list;
  for (const std::string& name : names) {
    list += (list.empty() ? "" : ", ") + name;
  }
  return list;
}

}  // namespace

void LoadCounts::add(const Batch& batch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  counts_.records += batch.records;
  counts_.anonymous += batch.anonymous;
  counts_.rejected += batch.rejects.size();
  counts_.other_types += batch.other_types;
  counts_.accepted += batch.records - batch.anonymous - batch.other_types - batch.rejects.size();
  for (const Reject& reject : batch.rejects) {
    ++counts_.by_reason[to_index(reject.reason)];
  }
}

quintile_load_counts LoadCounts::read() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return counts_;
}

LoadStream::LoadStream(Kind kind, Request request) : request_(std::move(request)) {
  if (kind == Kind::kOrders && !request_.rates_file.empty()) {
    rates_ = std::make_unique<Rates>(Rates::load(request_));
  }
  open_files(kind);
}

std::unique_ptr<Converter> LoadStream::make_converter(Kind kind) const {
  switch (kind) {
    case Kind::kOrders:
      return make_order_converter(request_, rates_.get(), first_columns_);
    case Kind::kEvents:
      return make_event_converter(request_, first_columns_);
    case Kind::kContacts:
      break;
  }
  return make_contact_converter(request_, first_columns_);
}

// Ids are handed on as integers only if they are integers in every file.
void LoadStream::note_integers(const std::vector<ColumnInfo>& columns, Request& found) const {
  const auto is_integer = [&columns](const std::string& name) {
    return std::any_of(columns.begin(), columns.end(), [&name](const ColumnInfo& column) {
      return column.name == name && column.kind == CellKind::kInteger;
    });
  };
  found.has_integer_contacts =
      found.has_integer_contacts && is_integer(request_.contact.value_or("contact"));
  found.has_integer_orders =
      found.has_integer_orders && is_integer(request_.order.value_or("order"));
}

void LoadStream::open_files(Kind kind) {
  Request found = request_;
  found.has_integer_contacts = request_.integer_ids;
  found.has_integer_orders = request_.integer_ids;
  opened_.resize(request_.files.size());
  for (std::size_t file = 0; file < request_.files.size(); ++file) {
    const std::string& path = request_.files[file];
    const OpenedFile opened = open_file(path);
    file_bytes_.push_back(opened.bytes);
    std::unique_ptr<Source> source = open_source(opened, request_.delimiter, request_.block_bytes);
    if (file == 0) {
      first_columns_ = source->columns();
      converter_ = make_converter(kind);
    }
    (void)locate(converter_->layout(), request_, source->columns(), path);
    note_integers(source->columns(), found);
    if (file == 0 || opened.pipe != nullptr) {
      opened_[file] = std::move(source);
    }
  }
  request_.has_integer_contacts = found.has_integer_contacts;
  request_.has_integer_orders = found.has_integer_orders;
  converter_ = make_converter(kind);
}

std::shared_ptr<arrow::RecordBatch> LoadStream::next() {
  if (pipeline_ == nullptr) {
    pipeline_ = std::make_unique<Pipeline>(request_, *converter_, std::move(opened_));
  }
  while (true) {
    while (next_batch_ < outcome_.batches.size()) {
      const Batch& batch = outcome_.batches[next_batch_];
      ++next_batch_;
      take_batch(batch);
      if (batch.accepted != nullptr) {
        return batch.accepted;
      }
    }
    if (!take_outcome()) {
      return nullptr;
    }
  }
}

// Wait for the next job. False at the end of the last file.
bool LoadStream::take_outcome() {
  const std::size_t last_file = outcome_.file;
  outcome_ = Outcome();
  outcome_.file = last_file;
  next_batch_ = 0;
  job_record_ += seen_records_;
  seen_records_ = 0;
  if (!pipeline_->next(outcome_)) {
    outcome_.file = request_.files.size();  // all files are behind
    tell_progress(outcome_);
    return false;
  }
  if (job_record_ == 0 || outcome_.file != last_file) {
    job_record_ = kHeaderRecords;
  }
  if (outcome_.error != nullptr) {
    try {
      std::rethrow_exception(outcome_.error);
    } catch (const LoadError& error) {
      throw LoadError(error.kind(), with_record(error.what(), job_record_ + 1));
    }
  }
  tell_progress(outcome_);
  return true;
}

void LoadStream::take_batch(const Batch& batch) {
  seen_records_ += batch.records;
  counts_->add(batch);
  if (request_.on_reject != nullptr) {
    for (const Reject& reject : batch.rejects) {
      request_.on_reject(request_.context, request_.files[outcome_.file].c_str(),
                         job_record_ + 1 + reject.record, reason_code(to_index(reject.reason)),
                         reject.value.c_str());
    }
  }
  check_currencies(batch);
}

void LoadStream::check_currencies(const Batch& batch) {
  currencies_.insert(batch.currencies.begin(), batch.currencies.end());
  if (currencies_.size() > 1) {
    fail_data(request_.files[outcome_.file] + ": amounts are in several currencies (" +
              list_of(currencies_) + "); expected one, or a file of rates to convert them");
  }
  if (!currencies_.empty() && !request_.base_currency.empty() &&
      *currencies_.begin() != request_.base_currency) {
    fail_data(request_.files[outcome_.file] + ": amounts are in " + list_of(currencies_) +
              ", expected " + request_.base_currency + " or a file of rates to convert them");
  }
  if (!currencies_.empty() && request_.base_currency.empty()) {
    check_decimals(*currencies_.begin());
  }
}

// Money of a currency whose name nobody gave is in minor units that nobody chose: they must fit.
void LoadStream::check_decimals(const std::string& currency) const {
  const int decimals = currency_decimals(currency).value_or(request_.currency_decimals);
  if (decimals != request_.currency_decimals) {
    fail_data(request_.files[outcome_.file] + ": amounts are in " + currency + ", which has " +
              std::to_string(decimals) + " decimals, not " +
              std::to_string(request_.currency_decimals) + "; name the currency (--currency " +
              currency + ")");
  }
}

void LoadStream::tell_progress(const Outcome& outcome) const {
  if (request_.on_progress == nullptr) {
    return;
  }
  // A pipe has no size: what has been read of it counts for nothing.
  std::int64_t done =
      outcome.file < file_bytes_.size() && file_bytes_[outcome.file] > 0 ? outcome.bytes_read : 0;
  std::int64_t total = 0;
  for (std::size_t file = 0; file < file_bytes_.size(); ++file) {
    done += file < outcome.file ? file_bytes_[file] : 0;
    total += file_bytes_[file];
  }
  request_.on_progress(request_.context, static_cast<std::uint64_t>(done),
                       static_cast<std::uint64_t>(total));
}

}  // namespace quintile::loader
