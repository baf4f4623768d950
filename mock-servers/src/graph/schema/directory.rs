//! `user`, as far as a mailbox's owner is described, and `subscription`.

use super::kind::{Kind, Type, n, r, w};

const TEXTS: Kind = Kind::List(&Kind::Text);

/// `user`. Users are not written over the wire.
pub(crate) static USER: Type = Type {
    name: "user",
    properties: &[
        r("id", Kind::Text),
        r("deletedDateTime", Kind::Instant),
        r("accountEnabled", Kind::Bool),
        r("businessPhones", TEXTS),
        r("city", Kind::Text),
        r("companyName", Kind::Text),
        r("country", Kind::Text),
        r("createdDateTime", Kind::Instant),
        r("department", Kind::Text),
        r("displayName", Kind::Text),
        r("employeeId", Kind::Text),
        r("givenName", Kind::Text),
        r("jobTitle", Kind::Text),
        r("mail", Kind::Text),
        r("mailNickname", Kind::Text),
        r("mobilePhone", Kind::Text),
        r("officeLocation", Kind::Text),
        r("otherMails", TEXTS),
        r("postalCode", Kind::Text),
        r("preferredLanguage", Kind::Text),
        r("proxyAddresses", TEXTS),
        r("state", Kind::Text),
        r("streetAddress", Kind::Text),
        r("surname", Kind::Text),
        r("usageLocation", Kind::Text),
        r("userPrincipalName", Kind::Text),
        r("userType", Kind::Text),
    ],
};

/// `subscription`.
pub(crate) static SUBSCRIPTION: Type = Type {
    name: "subscription",
    properties: &[
        r("id", Kind::Text),
        r("applicationId", Kind::Text),
        n("changeType", Kind::Text),
        w("clientState", Kind::Text),
        r("creatorId", Kind::Text),
        w("encryptionCertificate", Kind::Text),
        w("encryptionCertificateId", Kind::Text),
        n("expirationDateTime", Kind::Instant),
        w("includeResourceData", Kind::Bool),
        w("latestSupportedTlsVersion", Kind::Text),
        w("lifecycleNotificationUrl", Kind::Text),
        w("notificationQueryOptions", Kind::Text),
        n("notificationUrl", Kind::Text),
        w("notificationUrlAppId", Kind::Text),
        n("resource", Kind::Text),
    ],
};
