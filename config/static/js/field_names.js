"use strict";
// Names what the scripts of Django's admin put beside fields: the links to calendar and clock, and the boxes in
// which one searches. Without this, who does not see where they stand hears only “link” and “combo box”.
{
    const labelled = (id) => document.querySelector(`label[for="${CSS.escape(id)}"]`)?.textContent.trim().replace(/:$/, "");

    const nameOf = (input) => input.getAttribute("aria-label") || labelled(input.id) || labelled(input.id.replace(/_[01]$/, "")) || "";

    const give = (element, name) => {
        if (name && element.getAttribute("aria-label") !== name) {
            element.setAttribute("aria-label", name);
        }
    };

    const nameAll = () => {
        for (const link of document.querySelectorAll(".datetimeshortcuts a")) {
            const input = link.closest(".datetimeshortcuts").previousElementSibling;
            const what = link.textContent.trim() || link.querySelector("[title]")?.title;
            if (input && what) {
                give(link, `${what}: ${nameOf(input)}`);
            }
        }
        for (const box of document.querySelectorAll(".select2-container .select2-search__field")) {
            const select = box.closest(".select2-container").previousElementSibling;
            if (select) {
                give(box, nameOf(select));
            }
        }
        for (const chosen of document.querySelectorAll(".select2-selection__rendered[role='textbox']")) {
            const select = chosen.closest(".select2-container").previousElementSibling;
            if (select) {
                give(chosen, `${nameOf(select)}: ${(chosen.title || chosen.textContent).trim()}`);
            }
        }
        for (const box of document.querySelectorAll(".select2-dropdown .select2-search__field")) {
            const open = document.querySelector(".select2-container--open:has([aria-expanded='true'])");
            if (open?.previousElementSibling) {
                give(box, nameOf(open.previousElementSibling));
            }
        }
    };

    window.addEventListener("load", () => {
        nameAll();
        new MutationObserver(nameAll).observe(document.body, {childList: true, subtree: true});
    });
}
