// "What to look at first": sentences that say what the numbers mean, each with its numbers.
#include <algorithm>

#include "../number_text.hpp"
#include "class_meanings.hpp"
#include "page.hpp"

namespace quintile::cli::report {
namespace {

constexpr std::size_t kMostSentences = 5;

std::string customers(std::uint64_t count) { return counted(count, "customer", "customers"); }

std::string concentration(const PageData& data) {
  if (data.pareto.size() != kParetoParts + 1 || data.pareto.back().revenue <= 0 ||
      data.pareto.back().contacts < 10) {
    return {};
  }
  const Int128 all = data.pareto.back().revenue;
  const ParetoPoint& best = data.pareto[20 * kParetoPartsPerPercent];
  const Int128 share = divide_half_even(best.revenue * 100, all);
  std::string sentence = "The best 20% of customers (" + grouped(best.contacts) + ") bring " +
                         percent(best.revenue, all) + " of revenue, " +
                         short_money(data, best.revenue) + ". ";
  if (share >= 60) {
    sentence += "Keeping them is worth more than almost anything else: give them a reason to stay.";
  } else if (share >= 40) {
    sentence += "Revenue leans on them, but does not hang on them alone.";
  } else {
    sentence += "Revenue is spread widely, so programmes for everybody pay here.";
  }
  return sentence;
}

std::string strongest_class(const PageData& data) {
  const std::vector<ClassSummary>& classes = data.summary.classes;
  const auto best = std::max_element(
      classes.begin(), classes.end(),
      [](const auto& one, const auto& other) { return one.revenue < other.revenue; });
  if (best == classes.end() || best->contacts == 0 || best->revenue <= 0) {
    return {};
  }
  std::string sentence = "The class that brings most is " + spoken_class(best->name) + ": " +
                         percent(best->contacts, data.summary.total.contacts) +
                         " of customers and " + percent(best->revenue, data.summary.total.revenue) +
                         " of revenue";
  if (best->monetary && best->frequency && best->recency_days) {
    sentence += ", on average " + number_text(rescale(*best->frequency, kMeanDecimals, 1), 1) +
                " purchases and " + grouped(rescale(*best->monetary, kMeanDecimals, 0)) +
                (data.currency.empty() ? "" : " " + data.currency) + " each, the last one " +
                number_text(rescale(*best->recency_days, kMeanDecimals, 0), 0) + " days ago";
  }
  return sentence + ".";
}

// Customers who were worth much and have gone quiet: by class where the names are known, else by
// tiers.
std::string slipping(const PageData& data) {
  std::uint64_t contacts = 0;
  Int128 revenue = 0;
  std::string who;
  if (data.is_preset) {
    for (const ClassSummary& row : data.summary.classes) {
      if (is_slipping_class(row.name) && row.contacts > 0) {
        contacts += row.contacts;
        revenue += row.revenue;
        who += (who.empty() ? "" : " and ") + spoken_class(row.name);
      }
    }
  }
  if (contacts == 0 && data.grids.size() == 3) {
    // The worst recency tiers (two of five, one of three) with the best monetary tiers.
    const GridPart& grid = data.grids[2];
    const std::size_t late = std::max<std::size_t>(1, grid.rows * 2 / 5);
    const std::size_t valuable = std::max<std::size_t>(1, grid.columns * 2 / 5);
    for (std::size_t i = 0; i < late; ++i) {
      for (std::size_t j = grid.columns - valuable; j < grid.columns; ++j) {
        contacts += grid.contacts[i * grid.columns + j];
        revenue += grid.revenue[i * grid.columns + j];
      }
    }
    who = "high spenders with a low recency tier";
  }
  if (contacts == 0 || revenue <= 0) {
    return {};
  }
  return "Slipping away: " + customers(contacts) + " (" + who +
         ") bought well but not lately. They stand for " + short_money(data, revenue) + ", " +
         percent(revenue, data.summary.total.revenue) +
         " of revenue: win them back first, before those who never bought much.";
}

std::string one_time(const PageData& data) {
  if (data.buyers == 0 || data.one_time_buyers * 10 < data.buyers) {
    return {};
  }
  return percent(data.one_time_buyers, data.buyers) + " of buyers (" +
         grouped(data.one_time_buyers) +
         ") bought only once. A second purchase is the step to work on: see the first column of "
         "the "
         "grid of recency by frequency for those who bought lately.";
}

Int128 months_revenue(const PageData& data, std::size_t first, std::size_t count) {
  Int128 sum = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    for (const Int128 revenue : data.months[i].revenue_by_tier) {
      sum += revenue;
    }
  }
  return sum;
}

// Three whole months against the same three a year before, or against the three before.
std::string trend(const PageData& data) {
  const std::size_t whole = data.months.empty() ? 0 : data.months.size() - 1;
  if (whole < 6) {
    return {};
  }
  const std::size_t back = whole >= 15 ? 12 : 3;
  const Int128 now = months_revenue(data, whole - 3, 3);
  const Int128 then = months_revenue(data, whole - 3 - back, 3);
  if (then <= 0 || now <= 0) {
    return {};
  }
  const Int128 change = now > then ? now - then : then - now;
  return "Revenue from " + data.months[whole - 3].label + " to " + data.months[whole - 1].label +
         " was " + short_money(data, now) + ", " + percent(change, then) +
         (now >= then ? " more than " : " less than ") +
         (back == 12 ? "a year before." : "in the three months before.");
}

std::string movement(const PageData& data) {
  if (!data.transition) {
    return {};
  }
  const TransitionPart& part = *data.transition;
  std::uint64_t up = 0;
  std::uint64_t down = 0;
  std::uint64_t stayed = 0;
  const std::size_t old = part.from.size() - 1;  // the last are new customers
  for (std::size_t i = 0; i < old; ++i) {
    for (std::size_t j = 0; j < part.to.size(); ++j) {
      const std::uint64_t count = part.counts[i * part.to.size() + j];
      (i == j ? stayed : (j < i ? up : down)) += count;
    }
  }
  std::uint64_t fresh = 0;
  for (std::size_t j = 0; j < part.to.size(); ++j) {
    fresh += part.counts[old * part.to.size() + j];
  }
  const std::uint64_t known = up + down + stayed;
  if (known == 0) {
    return {};
  }
  return "Since " + part.earlier_as_of + ", " + customers(down) + " (" + percent(down, known) +
         ") moved to a lower class and " + grouped(up) + " (" + percent(up, known) +
         ") to a higher one; " + grouped(fresh) + " are new.";
}

std::string lapsed(const PageData& data) {
  for (const ClassSummary& row : data.summary.classes) {
    if (row.name == "lapsed" && row.contacts > 0) {
      return customers(row.contacts) + " (" + percent(row.contacts, data.summary.total.contacts) +
             ") bought before, but not in " + (data.window.empty() ? "the window" : data.window) +
             ".";
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> findings(const PageData& data) {
  std::vector<std::string> sentences;
  for (std::string& sentence :
       std::vector<std::string>{concentration(data), strongest_class(data), slipping(data),
                                movement(data), one_time(data), trend(data), lapsed(data)}) {
    if (!sentence.empty() && sentences.size() < kMostSentences) {
      sentences.push_back(std::move(sentence));
    }
  }
  return sentences;
}

}  // namespace quintile::cli::report
