namespace Smxp.Bridge.Email.Tests.Mapping;

/// <summary>A test over the shared corpus of mail; skipped by name where it is not there.</summary>
internal sealed class SharedMailAttribute : FactAttribute
{
    public SharedMailAttribute()
    {
        if (!Directory.Exists(Folder)) Skip = "the shared mail corpus (../shared/data/mail) is not here";
    }

    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data", "mail");
            if (Directory.Exists(candidate)) return candidate;
        }

        return Environment.GetEnvironmentVariable("SMXP_SHARED_MAIL") ?? "shared/data/mail";
    }
}
