using AuthServer.Engine.Accounts.PasswordHashes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Accounts;

/// <summary>Registers accounts. The host adds the stores.</summary>
public static class AccountsRegistration
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section, static o => o.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccountOptions>, AccountOptionsRules>();
        services.AddScoped<IPasswordHasher<User>, PasswordHasher>();
        services.AddIdentityCore<User>(static identity =>
        {
            identity.User.AllowedUserNameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._@+";
            // Identity's own rules ask for kinds of characters; ours ask for length and against lists.
            identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequiredLength = 1;
            identity.Password.RequiredUniqueChars = 1;
        });
        services.AddScoped<IPasswordValidator<User>, PasswordRules>();
        services.AddSingleton<HashingGate>().AddSingleton<SignInBrake>().AddSingleton<PasswordSignIn>();
        services.AddSingleton<Registration>().AddSingleton<FirstAdministrator>();
        services.AddSingleton<OwnProfile>().AddSingleton<PasswordChange>().AddSingleton<AccountDeletion>();
        return services;
    }
}
