"""Where people can go: by what they do, not by module. Each person sees what their rights allow."""

from tradewind.kernel.errors import phrase
from tradewind.platform.surface.shell.places import Place, Section, Thumbs, creatable, navigate, thumbs

DEALS = "pipeline.opportunity.list"
CUSTOMERS = "customers.customer.list"

navigate(
    Section(
        phrase("Workbench"),
        (
            Place(phrase("Today"), "home", "home", "organization.company.view"),
            Place(phrase("Overview"), "overview", "chart-line", "analytics.overview.view"),
            Place(phrase("Approvals"), "approvals", "clipboard-check", "approvals.request.view"),
        ),
    ),
    Section(
        phrase("Sell"),
        (
            Place(phrase("Activities"), "activities.activity.list", "checklist", "activities.activity.view"),
            Place(phrase("Customers"), CUSTOMERS, "building", "customers.customer.view"),
            Place(phrase("Contacts"), "customers.contact.list", "address-book", "customers.contact.view"),
            Place(phrase("Possible duplicates"), "customers_alike", "copy", "customers.likeness.view"),
            Place(phrase("Opportunities"), DEALS, "briefcase", "pipeline.opportunity.view"),
            Place(phrase("Orders"), "orders.order.list", "receipt", "orders.order.view"),
            Place(phrase("Products"), "catalog.product.list", "package", "catalog.product.view"),
        ),
    ),
    Section(
        phrase("Plans and targets"),
        (
            Place(phrase("Tracking"), "tracking", "target", "planning.target.view"),
            Place(phrase("Targets"), "targets", "calendar", "planning.plan.view"),
        ),
    ),
    Section(
        phrase("Insight"),
        (
            Place(phrase("Figures"), "figures", "chart-bar", "ledger.entry.view"),
            Place(phrase("Months"), "periods", "calendar", "ledger.month.view"),
        ),
    ),
    Section(
        phrase("Organization"),
        (
            Place(phrase("Organization"), "organization", "sitemap", "organization.unit.view"),
            Place(phrase("People"), "organization.person.list", "users", "organization.person.view"),
            Place(phrase("Skills"), "organization.skill.list", "school", "organization.skill.view"),
            Place(phrase("Code of conduct"), "conduct", "clipboard-check", "organization.agreement.view"),
        ),
    ),
    Section(
        phrase("Settings"),
        (
            Place(phrase("Roles"), "roles", "shield", "organization.role.change"),
            Place(phrase("Record of acts"), "audit", "history", "audit.act.view"),
            Place(
                phrase("Approval processes"),
                "approval_processes",
                "adjustments-horizontal",
                "approvals.process.arrange",
            ),
        ),
    ),
)
creatable(
    Place(phrase("Opportunity"), "pipeline.opportunity.new", "briefcase", "pipeline.opportunity.create"),
    Place(phrase("Activity"), "activities.activity.new", "checklist", "activities.activity.plan"),
    Place(phrase("Customer"), "customers.customer.new", "building", "customers.customer.create"),
    Place(phrase("Contact"), "customers.contact.new", "address-book", "customers.contact.create"),
    Place(phrase("Order"), "order_new", "receipt", "orders.order.create"),
    Place(phrase("Product"), "catalog.product.new", "package", "catalog.product.create"),
)
thumbs(
    Thumbs("organization.unit.lead", ("home", "overview", "approvals", DEALS)),
    Thumbs("pipeline.opportunity.view", ("home", CUSTOMERS, DEALS, "tracking")),
)
